import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import type {Environment, Task, Verdict} from '../../src/model/index.js';
import type {Command, Reply} from '../../src/shell/index.js';
import {textHere} from '../support/uploads.js';

/** Runs a command as a host would: in a subshell of `sh`, its text on standard input. */
export function runLocally(command: Command): Reply {
  const {status, stdout, stderr} = spawn(`umask 022; (\n${textHere(command)}\n) </dev/null`);
  return {code: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString(), truncated: false};
}

/** What a task thinks of this machine. */
export function planLocally(task: Task, templateDirectories: Environment['templateDirectories'] = []): Verdict {
  const question = task.open({templateDirectories});
  return question.judge(runLocally(question.probe));
}

/**
 * Plans and applies a task on this machine: the verdicts before and after, and the reply of the command that failed.
 */
export function applyLocally(
  task: Task,
  templateDirectories: Environment['templateDirectories'] = [],
): {before: Verdict; after: Verdict; failed: Reply | undefined} {
  const before = planLocally(task, templateDirectories);
  const replies = before.type === 'change' ? before.commands.map(runLocally) : [];
  return {before, after: planLocally(task, templateDirectories), failed: replies.find(({code}) => code !== 0)};
}

function spawn(input: string): SpawnSyncReturns<Buffer> {
  const env = {LC_ALL: 'C', HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'};
  return spawnSync('sh', [], {input, env, maxBuffer: 2 ** 27});
}
