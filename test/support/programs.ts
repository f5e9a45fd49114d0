import {spawn} from 'node:child_process';
import type {LabHost} from '../../src/lab/hosts/host.js';
import {chosenHosts} from '../../src/lab/hosts/host.js';
import {sshArguments} from '../../src/lab/hosts/inside.js';
import {labPaths} from '../../src/lab/lab.js';

/* Runs `infra`, and shell text on hosts of the lab, for tests and for programs that are none. */

/** What a program answered. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
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

/** Runs a program of this machine to its end, with `input` as its standard input. */
export function run(
  command: string,
  args: readonly string[],
  input: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
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
