import {AS_EXPECTED, type Reply} from '../shell/index.js';
import {confirmed} from './confirm.js';
import {DueHandlers} from './handlers.js';
import {type Entry, entriesOf, type Progress} from './host-run.js';
import {type Leg, nextLeg} from './leg.js';
import {lookAgain} from './look-again.js';
import {type Ran, runScript} from './script.js';
import type {ScriptStep} from './step-command.js';
import {inTurn, pause} from './turns.js';

/**
 * One play on one host: changes in order, then the handlers that are due, each once. Rejects with `HostError`; what
 * was applied before the failure stays, and so do the notes of handlers that have not run.
 */
export async function applyPlay(progress: Progress, play: string): Promise<void> {
  const entries = entriesOf(progress.run, play);
  const handlers = new DueHandlers(leftOver(progress, play));
  const planned = handlers.due.length > 0 || entries.some((entry) => entry.planned.type !== 'unchanged');
  const subject = {host: progress.run.host.name, play};
  if (planned) progress.listener({type: 'play-started', ...subject});
  await walk(progress, play, entries, handlers);
  if (planned) progress.listener({type: 'play-finished', ...subject});
}

/** Handlers that a run which was cut off did not come to. */
function leftOver({run}: Progress, play: string) {
  const pending = run.judged.handlers.filter((each) => each.play === play && each.because === 'pending');
  return pending.map(({handler}) => handler);
}

/** Leg after leg, until nothing is left of the play. */
async function walk(progress: Progress, play: string, all: readonly Entry[], handlers: DueHandlers): Promise<void> {
  let entries = all;
  for (;;) {
    const {affected, suspect, control} = progress;
    const leg = nextLeg(entries, {affected, suspect, due: handlers.due, single: control.confirm !== undefined});
    if (leg.steps.length === 0 && leg.through === entries.length) return;
    const declined = await confirmed(progress, play, leg);
    if (declined) entries = entries.filter((entry) => entry !== declined);
    else entries = await inTurn(progress.run, leg.steps, () => take(progress, play, entries, leg, handlers));
  }
}

/** One leg: what is left of the entries, with fresh verdicts where they were asked. */
async function take(
  progress: Progress,
  play: string,
  entries: readonly Entry[],
  leg: Leg,
  handlers: DueHandlers,
): Promise<readonly Entry[]> {
  const ran = await handlers.guard(progress, play, leg.steps, () => runScript(progress, play, leg.steps));
  for (const [index, step] of leg.steps.entries()) {
    if (ran.replies[index] === undefined) continue;
    if (step.type === 'change') noteChange(progress, step.entry, handlers);
    if (step.type === 'handler') handlers.ranOnce(step.handler);
  }
  const {again} = ran;
  if (again !== undefined) return tryAgain(progress, entries, leg.steps[again]);
  const answers = askedIn(leg.steps, ran);
  const first = entries.findIndex((entry, index) => index >= leg.through || answers.has(entry));
  return first < 0 ? [] : lookAgain(progress, play, entries.slice(first), answers);
}

function noteChange(progress: Progress, {open}: Entry, handlers: DueHandlers): void {
  progress.affected.add(open.task.affects);
  handlers.notifiedBy(open.task);
}

/** The replies to entries that were asked and said something of their own. */
function askedIn(steps: readonly ScriptStep[], {replies}: Ran): ReadonlyMap<Entry, Reply> {
  const asked = new Map<Entry, Reply>();
  for (const [index, step] of steps.entries()) {
    const reply = replies[index];
    if (reply === undefined || reply === AS_EXPECTED || step.type === 'change' || step.type === 'handler') continue;
    asked.set(step.entry, reply);
  }
  return asked;
}

/** A change that failed and may be made again is asked first: something may have been done. */
async function tryAgain(progress: Progress, entries: readonly Entry[], step: ScriptStep | undefined) {
  if (step?.type !== 'change') throw new Error('only a change is tried again');
  const {entry} = step;
  await pause(progress, entry.open.task.delay);
  const next = {...entry, ask: true, attempts: (entry.attempts ?? 0) + 1};
  return [next, ...entries.slice(entries.indexOf(entry) + 1)];
}
