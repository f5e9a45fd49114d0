import {
  ANYTHING_NEW,
  type DueHandler,
  type Failure,
  failedTasks,
  type Host,
  hasChanges,
  type Judged,
  type JudgedHost,
  type JudgedTask,
  type LeftOver,
  type Note,
  type Question,
  Refusal,
  type Task,
  taskName,
  UnreadableReply,
} from '../../model/index.js';
import type {Reply} from '../../shell/index.js';
import type {CompiledPlay, OpenTask} from '../compile/compile.js';
import {eachOnce} from '../compile/openings.js';
import {endOf, failureOf} from '../host-boundary.js';
import type {Gathered} from './gather.js';

/**
 * Turns the answers of a host into what would happen there. Pure; never throws because of an answer: a task that cannot
 * be read or judged has a failure in its place, and then the host has one too.
 */
export function planHost(host: Host, plays: readonly CompiledPlay[], {replies, pending}: Gathered): JudgedHost {
  const entries = plays.flatMap(({name, tasks}) => tasks.map((open) => ({play: name, open})));
  const tasks: JudgedTask[] = [];
  for (const [index, {play, open}] of entries.entries()) {
    const judged = judge(open, replies[index], tasks);
    const verdict = foresee(judged, tasks, open.question);
    const failure = verdict.type === 'failed' ? verdict.failure : unknowable(verdict, open.task, tasks);
    const final = failure ? {type: 'failed' as const, failure: {...failure, play}} : verdict;
    tasks.push({play, task: open.task, verdict: final, seen: judged.seen});
  }
  const skipped = plays.flatMap((play) => play.skipped ?? []);
  const due = pending.map(({id}) => id);
  const plan = {host, tasks, handlers: planHandlers(plays, tasks, due), skipped, leftOver: leftOver(plays, pending)};
  const notes = notesOf(plays, hasChanges(plan));
  const failure = failureIn(tasks);
  return {...plan, ...(notes.length > 0 && {notes}), ...(failure && {failure})};
}

/** What the roles have to say, each once. */
function notesOf(plays: readonly CompiledPlay[], changes: boolean): readonly Note[] {
  return eachOnce(plays.flatMap((play) => play.notes ?? [])).filter(({isWarning}) => isWarning || changes);
}

/** The failure of the first task that failed; the others are counted. */
function failureIn(tasks: readonly JudgedTask[]): Failure | undefined {
  const [first, ...more] = failedTasks({tasks});
  if (first === undefined || more.length === 0) return first;
  const others = more.length === 1 ? '1 more task' : `${more.length} more tasks`;
  return {...first, message: `${first.message} (${others} of this host failed too)`};
}

/** Notes of handlers that no task notifies: the playbook or the groups of the host have changed since. */
function leftOver(plays: readonly CompiledPlay[], pending: readonly LeftOver[]): readonly LeftOver[] {
  const all = plays.flatMap(({tasks, skipped = []}) => [...tasks, ...skipped].flatMap(({task}) => task.notify));
  return pending.filter(({id}) => !all.some((handler) => handler.id === id));
}

/** A package that is not installed yet may bring what must be absent: whether it does is known only after apply. */
function foresee(verdict: Judged, earlier: readonly JudgedTask[], {spec}: Question): Judged {
  if (verdict.type !== 'unchanged' || !verdict.absent) return verdict;
  const source = earlier.find(({task, verdict}) => task.affects.includes(ANYTHING_NEW) && isComing(verdict));
  return source ? {type: 'unknown', because: `${taskName(source.task)} may bring it`, spec} : verdict;
}

const isComing = (verdict: Judged) =>
  verdict.type === 'unknown' || (verdict.type === 'change' && verdict.action !== 'delete');

/** The verdict of a task, or why there is none. Never throws. `earlier`: tasks planned before it, and not yet done. */
export function judge(
  {task, question}: OpenTask,
  reply: Reply | undefined,
  earlier: readonly JudgedTask[] = [],
): Judged {
  try {
    if (!reply) throw new UnreadableReply('the host gave no answer');
    return question.judge(reply);
  } catch (error) {
    if (error instanceof Refusal && earlier.some((planned) => mayClear(planned, error)))
      return {type: 'unknown', because: error.message, spec: question.spec};
    const failure = failureOf(error, {task});
    return {type: 'failed', failure: error instanceof Refusal ? failure : {...failure, ...answerOf(question, reply)}};
  }
}

/** Whether a task changes what the refusal is about, such as `service apache2`, or a command that names it. */
function mayClear({task, verdict}: JudgedTask, {about}: Refusal): boolean {
  return verdict.type !== 'unchanged' && task.affects.some((subject) => about.includes(subject));
}

/** The failure of a task that stays unknown, because no earlier task can create what it needs. */
export function unknowable(verdict: Judged, task: Task, earlier: readonly JudgedTask[]): Failure | undefined {
  if (verdict.type !== 'unknown' || earlier.some((planned) => planned.verdict.type !== 'unchanged')) return undefined;
  return {
    reason: 'probe-failed',
    message: verdict.because,
    hint: 'No earlier task creates it. Add one, or fix it on the host.',
    task: taskName(task),
    at: task.at,
  };
}

function answerOf({probe}: Question, reply: Reply | undefined): Pick<Failure, 'command' | 'exitCode' | 'output'> {
  return {
    command: probe.toString(),
    exitCode: reply?.code,
    output: reply ? endOf(`${reply.stdout}${reply.stderr}`.trim(), 2000) : undefined,
  };
}

/**
 * The handlers of each play. One that is due since an earlier run is run once: in the play that notifies it again, or
 * else in the first play that has it.
 */
function planHandlers(plays: readonly CompiledPlay[], tasks: readonly JudgedTask[], pending: readonly string[]) {
  const notified = plays.flatMap(({name}) => handlersOf(name, tasks));
  const again = new Set(notified.filter(({because}) => because === 'change').map(({handler}) => handler.id));
  const due = new Set(pending.filter((id) => !again.has(id)));
  return notified.flatMap(({play, handler, because}): DueHandler[] => {
    const isFirst = due.delete(handler.id);
    const reason = isFirst ? 'pending' : because;
    return reason ? [{play, handler, because: reason}] : [];
  });
}

interface Notified extends Pick<DueHandler, 'play' | 'handler'> {
  readonly because: 'change' | 'known-after-apply' | undefined;
}

/** What the tasks of a play notify, each handler once, and whether any of these tasks changes something. */
function handlersOf(play: string, tasks: readonly JudgedTask[]): readonly Notified[] {
  const inPlay = tasks.filter((each) => each.play === play);
  const handlers = new Map(inPlay.flatMap(({task}) => task.notify.map((handler) => [handler.id, handler])));
  return [...handlers.values()].map((handler) => {
    const types = inPlay.flatMap(({task, verdict}) =>
      task.notify.some(({id}) => id === handler.id) ? verdict.type : [],
    );
    const maybe = types.includes('unknown') ? 'known-after-apply' : undefined;
    return {play, handler, because: types.includes('change') ? 'change' : maybe};
  });
}
