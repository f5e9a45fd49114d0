import {setTimeout as sleep} from 'node:timers/promises';
import {taskName} from '../../model/index.js';
import {AS_EXPECTED, type Reply} from '../../shell/index.js';
import {entriesOf, type HostRun, Interrupted, type Progress, type TaskEntry} from '../host-run.js';
import {DueHandlers} from './handlers.js';
import {judgeAgain} from './judge-again.js';
import {runScript, type ScriptResult} from './script.js';
import {nextSegment, type Segment} from './segment.js';
import type {ScriptStep} from './step-command.js';

/**
 * One play on one host: changes in order, then the handlers that are due, each once. Rejects with `HostError`; what
 * was applied before the failure stays, and so do the notes of handlers that have not run.
 */
export async function applyPlay(progress: Progress, play: string): Promise<void> {
  const entries = entriesOf(progress.run, play);
  const handlers = new DueHandlers(pendingIn(progress, play));
  const planned = handlers.due.length > 0 || entries.some((entry) => entry.planned.type !== 'unchanged');
  const subject = {host: progress.run.host.name, play};
  if (planned) progress.listener({type: 'play-started', ...subject});
  await applySegments(progress, play, entries, handlers);
  if (planned) progress.listener({type: 'play-finished', ...subject});
}

/** Handlers that a run which was cut off has not run. */
function pendingIn({run}: Progress, play: string) {
  const pending = run.judged.handlers.filter((each) => each.play === play && each.because === 'pending');
  return pending.map(({handler}) => handler);
}

/** Segment after segment, until nothing is left of the play. */
async function applySegments(progress: Progress, play: string, all: readonly TaskEntry[], handlers: DueHandlers) {
  let entries = all;
  for (;;) {
    const {affected, suspect, control} = progress;
    const segment = nextSegment(entries, {affected, suspect, due: handlers.due, single: control.confirm !== undefined});
    if (segment.steps.length === 0 && segment.through === entries.length) return;
    const declined = await declinedChange(progress, play, segment);
    if (declined) entries = entries.filter((entry) => entry !== declined);
    else {
      const left = entries;
      entries = await onDelegate(progress.run, segment.steps, () =>
        runSegment(progress, play, left, segment, handlers),
      );
    }
  }
}

/** The change of a segment that the user declines: it is not made. Undefined: the user agrees, or is not asked. */
export async function declinedChange(
  progress: Progress,
  play: string,
  {steps}: Segment,
): Promise<TaskEntry | undefined> {
  const {control, listener, excused, run} = progress;
  const entry = steps.find((step) => step.type === 'change')?.entry;
  if (control.confirm === undefined || entry === undefined) return undefined;
  const {open, verdict} = entry;
  const action = verdict.type === 'change' ? verdict.action : 'run';
  const question = {host: run.host.name, play, task: taskName(open.task), action};
  if (await control.confirm(question)) return undefined;
  excused.add(open.task);
  listener({type: 'task-declined', host: question.host, play, task: question.task});
  return entry;
}

/** Does the work; where it is delegated, no other host's work comes in between. */
function onDelegate<T>({others}: HostRun, [first]: readonly ScriptStep[], work: () => Promise<T>): Promise<T> {
  const delegateTo = first === undefined || first.type === 'handler' ? undefined : first.entry.open.task.delegateTo;
  const delegate = delegateTo === undefined ? undefined : others.get(delegateTo);
  return delegate ? delegate.alone(work) : work();
}

/** Runs one segment. Returns the entries that are left, with new verdicts where they were probed. */
async function runSegment(
  progress: Progress,
  play: string,
  entries: readonly TaskEntry[],
  segment: Segment,
  handlers: DueHandlers,
): Promise<readonly TaskEntry[]> {
  const result = await handlers.guard(progress, play, segment.steps, () => runScript(progress, play, segment.steps));
  for (const [index, step] of segment.steps.entries()) {
    if (result.replies[index] === undefined) continue;
    if (step.type === 'change') noteChange(progress, step.entry, handlers);
    if (step.type === 'handler') handlers.ranOnce(step.handler);
  }
  const {again} = result;
  if (again !== undefined) return tryAgain(progress, entries, segment.steps[again]);
  const answers = answersIn(segment.steps, result);
  const first = entries.findIndex((entry, index) => index >= segment.through || answers.has(entry));
  return first < 0 ? [] : judgeAgain(progress, play, entries.slice(first), answers);
}

function noteChange(progress: Progress, {open}: TaskEntry, handlers: DueHandlers): void {
  progress.affected.add(open.task.affects);
  handlers.notifiedBy(open.task);
}

/** The replies of entries that were probed and whose answer is not the expected one. */
function answersIn(steps: readonly ScriptStep[], {replies}: ScriptResult): ReadonlyMap<TaskEntry, Reply> {
  const answers = new Map<TaskEntry, Reply>();
  for (const [index, step] of steps.entries()) {
    const reply = replies[index];
    if (reply === undefined || reply === AS_EXPECTED || step.type === 'change' || step.type === 'handler') continue;
    answers.set(step.entry, reply);
  }
  return answers;
}

/** A change that failed and may be made again is probed first: part of it may have been done. */
async function tryAgain(progress: Progress, entries: readonly TaskEntry[], step: ScriptStep | undefined) {
  if (step?.type !== 'change') throw new Error('only a change is tried again');
  const {entry} = step;
  await waitForRetry(progress, entry.open.task.delay);
  const next = {...entry, probeFirst: true, attempts: (entry.attempts ?? 0) + 1};
  return [next, ...entries.slice(entries.indexOf(entry) + 1)];
}

/** Seconds before a new attempt when a task names none, as in Ansible. */
const RETRY_DELAY = 5;

/** Node's timers fire at once when they are set for longer: 24.8 days, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits before a new attempt. Rejects with `Interrupted` when the run is to stop. */
async function waitForRetry({control}: Progress, seconds = RETRY_DELAY): Promise<void> {
  try {
    for (let left = seconds * 1000; left >= 0; left -= LONGEST_TIMER) {
      await sleep(Math.min(left, LONGEST_TIMER), undefined, {signal: control.stop});
      if (left <= LONGEST_TIMER) return;
    }
  } catch {
    throw new Interrupted();
  }
}
