import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type TestFn} from 'ava';

/*
 * Tests on real hosts. They run from the repository's root, so the lab's key is in .infra/lab below it. `hosts.ts`
 * boots them.
 */

export {askHost, infra, mustRun, type Outcome, onHost} from './programs.js';

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
