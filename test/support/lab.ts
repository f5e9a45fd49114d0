import {spawn} from 'node:child_process';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type TestFn} from 'ava';
import type {LabHost} from '../../src/lab/hosts/host.js';
import {chosenHosts} from '../../src/lab/hosts/host.js';
import {sshArguments} from '../../src/lab/hosts/inside.js';
import {labPaths} from '../../src/lab/lab.js';

/*
 * Tests on real hosts. They run from the repository's root, so the lab's key is in .infra/lab below it. `hosts.ts`
 * boots them.
 */

/** Why there is no lab on this machine, as `test/support/run.ts` found out; undefined where there is one. */
export const noLab = process.env.INFRA_TEST_NO_LAB;

/** Like ava's `test`, skipped where no lab can be had, its hooks too; the runner says so at the end. */
export const labTest = noLab === undefined ? test.serial : skipAll();

function skipAll(): TestFn['serial'] {
  const {skip} = test.serial;
  const hook = Object.assign(() => {}, {always: () => {}});
  const hooks = {before: hook, after: hook, beforeEach: hook, afterEach: hook};
  // What our tests use of it.
  return Object.assign(skip.bind(undefined), {skip, ...hooks}) as unknown as TestFn['serial'];
}

/** What a program answered. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host of a test: its Debian release and variables of its own. */
export interface TestHost {
  readonly address: string;
  readonly groups: readonly string[];
  readonly suite?: 'trixie' | 'bookworm' | 'sid';
  readonly vars?: Readonly<Record<string, unknown>>;
}

/** An inventory file in a directory of its own; JSON is YAML too. `vars` are for all hosts. */
export async function writeInventory(hosts: Readonly<Record<string, TestHost>>, vars: object = {}): Promise<string> {
  const groups: Record<string, {hosts: Record<string, object>}> = {};
  for (const [name, {address, suite, groups: own, vars: hostVars}] of Object.entries(hosts)) {
    for (const group of own) {
      const hosts = groups[group]?.hosts ?? {};
      groups[group] = {hosts: {...hosts, [name]: {address, labSuite: suite ?? 'trixie', ...hostVars}}};
    }
  }
  const all = {
    vars: {
      user: 'deploy',
      identityFile: path.resolve('.infra/lab/id_ed25519'),
      knownHostsFile: path.resolve('.infra/lab/known_hosts'),
      ...vars,
    },
    children: groups,
  };
  return writeTemporary('hosts.yml', JSON.stringify({all}, undefined, 2));
}

/** A file of this name in a new temporary directory. */
export async function writeTemporary(name: string, text: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  const file = path.join(directory, name);
  await writeFile(file, text);
  return file;
}

/** Runs `infra` as a user without a terminal would. */
export function infra(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run(process.execPath, ['bin/infra', ...args], '', env);
}

/** Runs shell text as root on a host of the lab, over a connection of its own. */
export async function onHost(host: string, text: string): Promise<Outcome> {
  return run('ssh', sshArguments(labPaths(process.cwd(), process.env), await labHost(host), ['sudo sh']), text);
}

const known = new Map<string, LabHost>();

async function labHost(name: string): Promise<LabHost> {
  const [host] = known.has(name) ? [known.get(name)] : await chosenHosts(labPaths(process.cwd(), process.env), [name]);
  if (host === undefined) throw new Error(`the lab has no ${name}`);
  known.set(name, host);
  return host;
}

/** The same, but it must succeed; returns standard output. */
export async function askHost(host: string, text: string): Promise<string> {
  const {code, stdout, stderr} = await onHost(host, text);
  if (code !== 0) throw new Error(`on ${host}: ${text}\nexit ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs `infra` and fails the test with all that it printed when it does not end with 0. */
export async function mustRun(args: readonly string[]): Promise<Outcome> {
  const outcome = await infra(args);
  if (outcome.code === 0) return outcome;
  throw new Error(`infra ${args.join(' ')}: exit ${outcome.code}\n${outcome.stdout}${outcome.stderr}`);
}

function run(command: string, args: readonly string[], input: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {env: {...process.env, NO_COLOR: '1', ...env}});
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    // A process that does not read it has ended, and its exit code says why.
    child.stdin.on('error', () => {});
    child.on('close', (code) => {
      resolve({code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString()});
    });
    child.stdin.end(input);
  });
}
