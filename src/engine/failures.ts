import {type Failure, type Handler, HostError, type Task, taskName, type Verdict} from '../model/index.js';
import {type Command, join, type Reply} from '../shell/index.js';
import {changeCommands} from './apply/step-command.js';
import {endOf, OUTPUT_SHOWN} from './host-boundary.js';
import type {TaskEntry} from './host-run.js';

/** A task's command ended with an exit code other than 0. */
export function commandFailed(play: string, task: Task, command: Command, reply: Reply): HostError {
  const usual = 'Nothing after it was done on this host. Fix the cause and apply again.';
  const known = task.hint?.(reply) ?? usual;
  const shown = typeof known === 'string' ? {hint: known} : known;
  return new HostError({
    ...commandDetails(command, reply),
    reason: 'command-failed',
    message: `its command ended with exit code ${reply.code}`,
    ...shown,
    task: taskName(task),
    play,
    at: task.at,
  });
}

/** The failure of a change whose commands have ended, or undefined. `seconds`: how long they took. */
export function judgeChange(play: string, entry: TaskEntry, reply: Reply, seconds: number): HostError | undefined {
  const {task} = entry.open;
  const failed = () => commandFailed(play, task, join(changeCommands(entry), '\n'), reply);
  if (reply.code === 0) {
    const message = faultByUntil(task, reply);
    return message === undefined ? undefined : new HostError({...failed().failure, message});
  }
  const {timeout = Number.POSITIVE_INFINITY} = task;
  // The codes of coreutils' timeout; a command may end with one of them by itself.
  if (![124, 137].includes(reply.code) || seconds < timeout * 0.9) return failed();
  const message = `it was stopped because it did not end within ${timeout} ${timeout === 1 ? 'second' : 'seconds'}`;
  return new HostError({...failed().failure, reason: 'timed-out', message});
}

/** What is wrong by `until`, which is the user's own code. */
function faultByUntil({until}: Task, reply: Reply): string | undefined {
  try {
    return until === undefined || until(reply) ? undefined : 'its `until` does not hold for what its commands printed';
  } catch (error) {
    return `its \`until\` threw: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A handler failed; its note stays on the host, so the next apply runs it again. */
export function handlerFailed(play: string, handler: Handler, reply: Reply): HostError {
  return new HostError({
    ...commandDetails(handler.command, reply),
    reason: 'handler-failed',
    message: `its command ended with exit code ${reply.code}`,
    hint: 'It stays due: the next apply runs it again.',
    task: `handler ${handler.id}`,
    play,
  });
}

/** Something became necessary that the plan did not announce. */
export function exceedsPlan(task: Task, verdict: Verdict, play: string): HostError {
  const what =
    verdict.type === 'change'
      ? `${verdict.action} (${verdict.diff.map(({name}) => name).join(', ')})`
      : 'can no longer be read';
  return new HostError({
    reason: 'exceeds-plan',
    message: `${taskName(task)} was as desired when the plan was made and now needs: ${what}`,
    hint: 'Something changed in between. See the new plan: infra plan',
    task: taskName(task),
    play,
    at: task.at,
  });
}

/** Steps of a script have not run, and neither a failure nor the user is the reason. */
export function endedEarly(play: string): HostError {
  return new HostError({
    reason: 'protocol-broken',
    message: 'the script on the host stopped before its last step',
    hint: 'Run the same command again; it continues from the current state.',
    play,
  });
}

/** Some tasks still differ after everything was applied. */
export function notConverged(names: readonly string[], first: Task | undefined): HostError {
  return new HostError({
    reason: 'not-converged',
    message: `applied, but the host still differs from the playbook: ${names.join(', ')}`,
    hint: 'Two tasks may undo each other, or something on the host does. See what differs: infra plan',
    task: first && taskName(first),
    at: first?.at,
  });
}

function commandDetails(command: Command, reply: Reply): Pick<Failure, 'command' | 'exitCode' | 'output'> {
  const output = endOf(reply.stderr.trim() || reply.stdout.trim(), OUTPUT_SHOWN);
  return {command: command.toString(), exitCode: reply.code, output};
}
