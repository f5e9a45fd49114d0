import {
  compareStates,
  type Drift,
  HostError,
  type Seen,
  sameState,
  type Task,
  taskName,
  type Verdict,
} from '../model/index.js';
import {answerOf, type Reply} from '../shell/index.js';
import {exceedsPlan} from './failures.js';
import type {Entry, Progress} from './host-run.js';
import {judge, unknowable} from './plan-host.js';

/**
 * What is left of the entries, with the verdicts of their new answers. Rejects with `HostError` for whatever the plan did
 * not announce: `exceeds-plan` when something that was as wished is not so any more, `drifted` when a change was planned
 * for another state and nothing that this run did explains it; and `probe-failed` for what is still unknown when nothing
 * before it is left to be done.
 */
export function lookAgain(
  progress: Progress,
  play: string,
  entries: readonly Entry[],
  answers: ReadonlyMap<Entry, Reply>,
): readonly Entry[] {
  const fresh: Entry[] = [];
  let isLeft = false;
  for (const entry of entries) {
    const reply = answers.get(entry);
    const next: Entry = reply === undefined ? entry : refresh(progress, play, entry, reply, isLeft);
    isLeft ||= next.verdict.type !== 'unchanged';
    // What has just been found as wished is through with, for as long as nothing is done before it.
    if (reply === undefined || isLeft) fresh.push(next);
  }
  return fresh;
}

function refresh(progress: Progress, play: string, entry: Entry, reply: Reply, mayResolve: boolean): Entry {
  const verdict = judge(entry.open, reply);
  if (verdict.type === 'failed') throw new HostError({...verdict.failure, play});
  const {task} = entry.open;
  if (entry.planned.type === 'unchanged' && verdict.type !== 'unchanged') throw exceedsPlan(task, verdict, play);
  const stuck = mayResolve ? undefined : unknowable(verdict, task, []);
  if (stuck) throw new HostError({...stuck, play});
  const isSame = sameSeen(entry.verdict.seen, verdict.seen);
  if (isSurprise(progress, entry, verdict) && !isSame)
    throw drifted(progress, play, task, {planned: entry.verdict.seen, present: verdict.seen});
  if (entry.verdict.type !== 'unchanged' && verdict.type === 'unchanged') {
    progress.listener({type: 'task-unchanged', host: progress.run.host.name, play, task: taskName(task)});
  }
  const surprises = (entry.surprises ?? 0) + 1;
  const sure = verdict.type === 'change' && (isSame || surprises > MOST);
  const {open, planned, attempts} = entry;
  return {open, planned, verdict, answer: answerOf(reply), surprises, sure, ...(attempts !== undefined && {attempts})};
}

/** A change that this run, and what it waited for, cannot have made another one. */
function isSurprise({affected}: Progress, {open, verdict, attempts}: Entry, now: Verdict): boolean {
  if (verdict.type !== 'change' || now.type !== 'change') return false;
  return attempts === undefined && open.task.delegateTo === undefined && !affected.meets(open.task.needs);
}

const sameSeen = (one: Seen | undefined, other: Seen | undefined) =>
  one !== undefined &&
  other !== undefined &&
  sameState(one.present, other.present) &&
  sameState(one.desired, other.desired);

/** How often an entry is asked when it says something else each time. */
const MOST = 3;

/** What a task was judged by when it was planned, and what it is judged by now. */
interface Surprise {
  readonly planned: Seen | undefined;
  readonly present: Seen | undefined;
}

function drifted({run}: Progress, play: string, task: Task, {planned, present}: Surprise): HostError {
  const note = presence(planned, present) ?? (sameState(planned?.present, present?.present) ? DESIRED : undefined);
  const changes = run.describer.difference(changesOf(planned, present), task.id);
  const drift: Drift = {task: taskName(task), play, ...(note !== undefined && {note}), changes};
  return new HostError({
    reason: 'drifted',
    message: `${taskName(task)} is no longer as it was when the plan was made`,
    hint: 'Nothing was done to it. See what it is now, and what would be done about that: infra plan',
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

/** Where the present state is the same. */
const DESIRED = 'what it would be brought to is no longer what the plan showed';

function presence(then: Seen | undefined, now: Seen | undefined): string | undefined {
  const word = (seen: Seen | undefined) => (seen?.present === null ? 'absent' : 'present');
  return word(then) === word(now) ? undefined : `${word(then)} when planned, ${word(now)} now`;
}
