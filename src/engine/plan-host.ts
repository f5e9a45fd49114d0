import {
  type Failure,
  type Host,
  type HostPlan,
  type LeftOver,
  type PlannedHandler,
  type PlannedTask,
  Refusal,
  type Task,
  taskName,
  UnreadableReply,
  type Verdict,
} from '../model/index.js';
import type {Reply} from '../shell/index.js';
import type {CompiledPlay, OpenTask} from './compile.js';
import {endOf} from './failures.js';
import type {Gathered} from './gather.js';

type Judged = Verdict | {readonly type: 'failed'; readonly failure: Failure};

/** From a host's answers to what would happen there. Pure. */
export function planHost(host: Host, plays: readonly CompiledPlay[], {replies, pending}: Gathered): HostPlan {
  const entries = plays.flatMap(({name, tasks}) => tasks.map((open) => ({play: name, open})));
  const tasks: PlannedTask[] = [];
  for (const [index, {play, open}] of entries.entries()) {
    const judged = judge(open, replies[index], tasks);
    const verdict = foresee(judged, tasks);
    const failure = verdict.type === 'failed' ? verdict.failure : unknowable(verdict, open.task, tasks);
    if (failure) return {host, tasks: [], handlers: [], failure: {...failure, play}};
    if (verdict.type !== 'failed') tasks.push({play, task: open.task, verdict, seen: seenIn(judged)});
  }
  const skipped = plays.flatMap((play) => play.skipped ?? []);
  const due = pending.map(({id}) => id);
  return {host, tasks, handlers: planHandlers(plays, tasks, due), skipped, leftOver: leftOver(plays, pending)};
}

/** Notes of handlers that no task of the playbook notifies: it has changed since, or the host's groups have. */
function leftOver(plays: readonly CompiledPlay[], pending: readonly LeftOver[]): readonly LeftOver[] {
  const all = plays.flatMap(({tasks, skipped = []}) => [...tasks, ...skipped].flatMap(({task}) => task.notify));
  return pending.filter(({id}) => !all.some((handler) => handler.id === id));
}

/** A package that is still to come may bring what shall be absent: whether it does is known only after apply. */
function foresee(verdict: Judged, earlier: readonly PlannedTask[]): Judged {
  if (verdict.type !== 'unchanged' || !verdict.vacuous) return verdict;
  const bringer = earlier.find(({task, verdict}) => task.bringsAlong && isComing(verdict));
  return bringer ? {type: 'unknown', because: `${taskName(bringer.task)} may bring it`} : verdict;
}

const seenIn = (judged: Judged) => (judged.type === 'failed' ? undefined : judged.seen);

const isComing = (verdict: Verdict) =>
  verdict.type === 'unknown' || (verdict.type === 'change' && verdict.action !== 'delete');

/** A verdict, or why the reply cannot be used. `earlier`: planned before it, and not yet done. */
export function judge(
  {task, question}: OpenTask,
  reply: Reply | undefined,
  earlier: readonly PlannedTask[] = [],
): Judged {
  try {
    if (!reply) throw new UnreadableReply('the host gave no answer');
    return question.judge(reply);
  } catch (error) {
    if (error instanceof Refusal && earlier.some((planned) => mayClear(planned, error)))
      return {type: 'unknown', because: error.message};
    if (error instanceof Refusal) return {type: 'failed', failure: refused(task, error)};
    if (!(error instanceof UnreadableReply)) throw error;
    return {type: 'failed', failure: unreadable(task, question.probe.toString(), error.message, reply)};
  }
}

/** A task that speaks of what stands in the way, such as `service apache2`, or a command that stops it. */
function mayClear({task, verdict}: PlannedTask, {about}: Refusal): boolean {
  const words = taskName(task).split(/[^\w.@-]+/);
  return verdict.type !== 'unchanged' && words.some((word) => about.includes(word.replace(/\.service$/, '')));
}

/** Nothing earlier can bring it about, so it stays unknown: say so instead of promising. */
export function unknowable(verdict: Verdict, task: Task, earlier: readonly PlannedTask[]): Failure | undefined {
  if (verdict.type !== 'unknown' || earlier.some((planned) => planned.verdict.type !== 'unchanged')) return undefined;
  return {
    reason: 'probe-failed',
    message: verdict.because,
    hint: 'No task before this one would bring it about: add one, or mend it on the host.',
    task: taskName(task),
    at: task.at,
  };
}

function refused(task: Task, {message, hint}: Refusal): Failure {
  return {reason: 'probe-failed', message, hint, task: taskName(task), at: task.at};
}

function unreadable(task: Task, command: string, message: string, reply: Reply | undefined): Failure {
  return {
    reason: 'probe-failed',
    message: `the present state cannot be read: ${message}`,
    hint: 'Run the command on the host to see what it answers.',
    task: taskName(task),
    at: task.at,
    command,
    exitCode: reply?.code,
    output: reply ? endOf(`${reply.stdout}${reply.stderr}`.trim(), 2000) : undefined,
  };
}

function planHandlers(plays: readonly CompiledPlay[], tasks: readonly PlannedTask[], pending: readonly string[]) {
  return plays.flatMap(({name}): PlannedHandler[] => {
    const inPlay = tasks.filter(({play}) => play === name);
    const handlers = new Map(inPlay.flatMap(({task}) => task.notify.map((handler) => [handler.id, handler])));
    return [...handlers.values()].flatMap((handler) => {
      const notifiers = inPlay.filter(({task}) => task.notify.some(({id}) => id === handler.id));
      const because = reasonFor(notifiers, pending.includes(handler.id));
      return because ? [{play: name, handler, because}] : [];
    });
  });
}

function reasonFor(notifiers: readonly PlannedTask[], pending: boolean): PlannedHandler['because'] | undefined {
  if (notifiers.some(({verdict}) => verdict.type === 'change')) return 'change';
  if (pending) return 'pending';
  return notifiers.some(({verdict}) => verdict.type === 'unknown') ? 'known-after-apply' : undefined;
}
