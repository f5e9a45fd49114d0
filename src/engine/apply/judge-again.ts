import {
  compareStates,
  type Drift,
  HostError,
  type Seen,
  sameState,
  type Task,
  taskName,
  type Verdict,
} from '../../model/index.js';
import {answerOf, type Reply} from '../../shell/index.js';
import {exceedsPlan} from '../failures.js';
import type {Progress, TaskEntry} from '../host-run.js';
import {judge, unknowable} from '../plan/plan-host.js';

/**
 * The entries that are left, with the verdicts of their new answers. Throws `HostError` for everything that the plan
 * did not announce: `exceeds-plan` when something that was as desired no longer is, `drifted` when a change was planned
 * for another state and nothing that this run did explains it; and `probe-failed` for what is still unknown when no
 * change is left before it.
 */
export function judgeAgain(
  progress: Progress,
  play: string,
  entries: readonly TaskEntry[],
  answers: ReadonlyMap<TaskEntry, Reply>,
): readonly TaskEntry[] {
  const fresh: TaskEntry[] = [];
  let isLeft = false;
  for (const entry of entries) {
    const reply = answers.get(entry);
    const next: TaskEntry = reply === undefined ? entry : refresh(progress, play, entry, reply, isLeft);
    isLeft ||= next.verdict.type !== 'unchanged';
    // An entry that is as desired now is done, as long as nothing before it is left.
    if (reply === undefined || isLeft) fresh.push(next);
  }
  return fresh;
}

function refresh(progress: Progress, play: string, entry: TaskEntry, reply: Reply, mayResolve: boolean): TaskEntry {
  const verdict = judge(entry.open, reply);
  if (verdict.type === 'failed') throw new HostError({...verdict.failure, play});
  const {task} = entry.open;
  if (entry.planned.type === 'unchanged' && verdict.type !== 'unchanged') throw exceedsPlan(task, verdict, play);
  const stuck = mayResolve ? undefined : unknowable(verdict, task, []);
  if (stuck) throw new HostError({...stuck, play});
  const isSame = sameSeen(entry.verdict.seen, verdict.seen);
  if (isSurprise(progress, entry, verdict) && !isSame)
    throw drifted(progress, play, task, entry.verdict.seen, verdict.seen);
  if (entry.verdict.type !== 'unchanged' && verdict.type === 'unchanged') {
    progress.listener({type: 'task-unchanged', host: progress.run.host.name, play, task: taskName(task)});
  }
  const surprises = (entry.surprises ?? 0) + 1;
  const sure = verdict.type === 'change' && (isSame || surprises > MOST);
  const {open, planned, attempts} = entry;
  return {open, planned, verdict, answer: answerOf(reply), surprises, sure, ...(attempts !== undefined && {attempts})};
}

/** A change that differs now, though neither this run nor what it waited for can be the reason. */
function isSurprise({affected}: Progress, {open, verdict, attempts}: TaskEntry, now: Verdict): boolean {
  if (verdict.type !== 'change' || now.type !== 'change') return false;
  return attempts === undefined && open.task.delegateTo === undefined && !affected.meets(open.task.needs);
}

const sameSeen = (one: Seen | undefined, other: Seen | undefined) =>
  one !== undefined &&
  other !== undefined &&
  sameState(one.present, other.present) &&
  sameState(one.desired, other.desired);

/** How often an entry is probed when its answer differs each time. */
const MOST = 3;

function drifted(
  {run}: Progress,
  play: string,
  task: Task,
  planned: Seen | undefined,
  present: Seen | undefined,
): HostError {
  const note = presence(planned, present) ?? (sameState(planned?.present, present?.present) ? DESIRED : undefined);
  const changes = run.describer.difference(changesOf(planned, present), task.id);
  const drift: Drift = {task: taskName(task), play, ...(note !== undefined && {note}), changes};
  return new HostError({
    reason: 'drifted',
    message: `${taskName(task)} is no longer as it was when the plan was made`,
    hint: 'Nothing was done to it. See its state and what would change now: infra plan',
    task: taskName(task),
    play,
    at: task.at,
    drift: [drift],
  });
}

/** From the planned state to the present one. */
function changesOf(then: Seen | undefined, now: Seen | undefined) {
  if (!then?.present || !now?.present) return [];
  return compareStates(then.present, now.present, [...then.sensitive, ...now.sensitive]);
}

/** The note where the present state is the same. */
const DESIRED = 'its desired state is no longer what the plan showed';

function presence(then: Seen | undefined, now: Seen | undefined): string | undefined {
  const word = (seen: Seen | undefined) => (seen?.present === null ? 'absent' : 'present');
  return word(then) === word(now) ? undefined : `${word(then)} when planned, ${word(now)} now`;
}
