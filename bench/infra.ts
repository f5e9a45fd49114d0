import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const INFRA = fileURLToPath(new URL('../../bin/infra', import.meta.url));
const REPORT_MEMORY = new URL('./report-memory.js', import.meta.url).href;

/** Exit code of `plan --detailed-exitcode` when something would change. */
const CHANGES_PENDING = 2;

/** A command of the bench that failed: the bench stops with exit code 1. */
export class FailedRun extends Error {}

/** The plain site, which Ansible's playbook does too. */
export const PLAYBOOK = 'test/hosts/playbooks/plain.ts';

const planArgs = (inventory: string) => [
  ...['plan', '--playbook', PLAYBOOK, '--inventory', inventory],
  '--detailed-exitcode',
];

/** Seconds from start to exit of a plan that finds nothing to do. Rejects with `FailedRun` when it does not. */
export async function measurePlan(inventory: string): Promise<number> {
  const since = performance.now();
  const child = spawn(process.execPath, [INFRA, ...planArgs(inventory)], {stdio: ['ignore', 'ignore', 'pipe']});
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new FailedRun(`infra plan ended with exit code ${code}\n${said}`);
  return (performance.now() - since) / 1000;
}

/** Peak resident memory of a plan's process in megabytes (10^6 bytes), from the kernel's own count at its exit. */
export function measurePeak(inventory: string): number {
  const directory = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const file = path.join(directory, 'peak');
  const env = {...process.env, BENCH_PEAK_FILE: file};
  const args = ['--import', REPORT_MEMORY, INFRA, ...planArgs(inventory)];
  const {status} = spawnSync(process.execPath, args, {stdio: 'ignore', env});
  const kilobytes = status === 0 ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  rmSync(directory, {recursive: true});
  if (Number.isNaN(kilobytes)) throw new FailedRun(`infra plan ended with exit code ${status}`);
  return (kilobytes * 1024) / 1e6;
}

/** Brings the hosts to where a plan is empty, when they are not: boots the lab, applies the site. */
export function converge(inventory: string, say: (line: string) => void): void {
  let code = run(planArgs(inventory), 'ignore');
  if (code === 1) {
    say('The plan fails: is the lab up?');
    raise(inventory, say);
    code = run(planArgs(inventory), 'inherit');
  }
  if (code === CHANGES_PENDING) {
    say('The hosts are not as the site wants them.');
    runOrFail(['apply', '--yes', '--playbook', PLAYBOOK, '--inventory', inventory], say);
    code = run(planArgs(inventory), 'inherit');
  }
  if (code !== 0) throw new FailedRun(`infra plan ends with exit code ${code} where nothing should be left to do`);
}

/** Boots the hosts of an inventory in the lab. Throws `FailedRun`. */
export function raise(inventory: string, say: (line: string) => void): void {
  runOrFail(['lab', 'up', '--inventory', inventory], say);
}

function runOrFail(args: readonly string[], say: (line: string) => void): void {
  say(`$ infra ${args.join(' ')}`);
  const code = run(args, 'inherit');
  if (code !== 0) throw new FailedRun(`infra ${args[0]} ended with exit code ${code}`);
}

/** What it prints goes to standard error: standard output is for the figures. */
function run(args: readonly string[], output: 'ignore' | 'inherit'): number | null {
  const stdio = output === 'ignore' ? output : (['ignore', 2, 2] as const);
  return spawnSync(process.execPath, [INFRA, ...args], {stdio: typeof stdio === 'string' ? stdio : [...stdio]}).status;
}
