import {ANYTHING, unreachable} from '../../model/index.js';
import {AS_EXPECTED, type FrameEvent, type OutputLine, type Reply, type ShellStep} from '../../shell/index.js';
import {linkOf, runPlaced} from '../connect/placement.js';
import {commandFailed, endedEarly} from '../failures.js';
import {type Guarded, underGuard} from '../guard/under-guard.js';
import type {Entry, Progress} from '../host-run.js';
import {Interrupted} from '../run-control.js';
import {inTime} from './late-commands.js';
import {mayTryAgain, Reporter} from './reporter.js';
import {commandOf, notesBefore, type ScriptStep} from './step-command.js';

/** What a script came to. */
export interface Ran {
  /** In the order of the steps. */
  readonly replies: readonly (Reply | undefined)[];
  /** The step of a change that failed and is to be tried again; nothing after it has run. */
  readonly again?: number | undefined;
}

/**
 * Runs the steps as one script, those of delegated tasks as one on their host; what happens becomes events as it
 * happens. Rejects with `HostError` when a change or a handler fails: nothing after it has run; with `Interrupted`
 * when the run is to stop and steps are left.
 */
export async function runScript(progress: Progress, play: string, planned: readonly ScriptStep[]): Promise<Ran> {
  if (planned.length === 0) return {replies: []};
  const steps = await Promise.all(planned.map((step) => inTime(step, play)));
  const reporter = new Reporter(progress, play, steps);
  const script = steps.map((step) => ({
    on: step.type === 'handler' ? progress.run.connection : linkOf(progress.run, step.entry.open.task),
    step: {command: commandOf(step, play, progress.control), required: isRequired(step), ...modeOf(step)},
  }));
  const run = (hear: (line: OutputLine) => void = () => {}) => {
    const options = {
      stoppable: true,
      onEvent: (event: FrameEvent) => reporter.receive(event),
      onOutput: (line: OutputLine) => {
        hear(line);
        reporter.hear(line);
      },
    };
    return runPlaced(script, options, () => reporter.failure === undefined && reporter.again === undefined);
  };
  const replies = await stopping(progress, async () => {
    await leaveNotes(progress, play, steps);
    const guarded = steps.map((step) => guardedIn(step, progress)).find((each) => each !== undefined);
    return guarded ? underGuard(guarded, run, () => reporter.failure) : run();
  });
  if (reporter.failure) throw reporter.failure;
  const {again} = reporter;
  if (again === undefined && isCutShort(steps, replies))
    throw progress.control.stop.aborted ? new Interrupted() : endedEarly(play);
  return {replies, again};
}

/** Steps are left, and none before them says why. */
function isCutShort(steps: readonly ScriptStep[], replies: Ran['replies']): boolean {
  const first = replies.indexOf(undefined);
  const last = first < 0 ? undefined : steps[first - 1];
  return first >= 0 && !(last?.type === 'check' && replies[first - 1] !== AS_EXPECTED);
}

/** Whether nothing after it may run when it fails. */
function isRequired(step: ScriptStep): boolean {
  if (step.type !== 'change') return step.type === 'handler';
  return !step.entry.open.task.ignoreErrors || mayTryAgain(step.entry);
}

/** What a change that may alter anything says is heard as it comes; of the others it is enough when they have ended. */
function modeOf(step: ScriptStep): Pick<ShellStep, 'mode' | 'expect'> {
  switch (step.type) {
    case 'probe':
      return {mode: 'probe'};
    case 'check':
      return {mode: 'probe', expect: step.entry.answer};
    case 'handler':
      return {mode: 'live'};
    case 'change':
      return isHeard(step.entry) ? {mode: 'live'} : {};
    default:
      return unreachable(step);
  }
}

const isHeard = ({open: {task}, verdict}: Entry) =>
  task.affects.includes(ANYTHING) || (verdict.type === 'change' && verdict.guard !== undefined);

/** A guarded change is alone in its script. */
function guardedIn(step: ScriptStep, {run, control}: Progress): Guarded | undefined {
  if (step.type !== 'change' || step.entry.verdict.type !== 'change') return undefined;
  const {guard} = step.entry.verdict;
  const {delegateTo} = step.entry.open.task;
  const on = delegateTo === undefined ? run.host : run.others.get(delegateTo)?.host;
  return guard && on && {entry: step.entry, guard, host: on, transport: control.transport};
}

/** Handlers of delegated tasks run on their own host, so that is where they are noted. */
async function leaveNotes({run}: Progress, play: string, steps: readonly ScriptStep[]): Promise<void> {
  const command = notesBefore(steps);
  const first = steps.find((step) => step.type === 'change');
  if (!command || !first) return;
  const [reply] = await run.connection.run([{command, required: true}], {within: NOTES_TIMEOUT});
  if (reply?.code !== 0) throw commandFailed(play, first.entry.open.task, command, reply ?? NO_REPLY);
}

const NOTES_TIMEOUT = 60;
const NO_REPLY: Reply = {code: 255, stdout: '', stderr: '', truncated: false};

/** Passes the wish to stop on to the host for as long as it is at work. */
async function stopping<T>({control, run}: Progress, work: () => Promise<T>): Promise<T> {
  const onStop = () => {
    for (const {connection} of [run, ...run.others.values()]) connection.stop();
  };
  if (control.stop.aborted) throw new Interrupted();
  control.stop.addEventListener('abort', onStop);
  try {
    return await work();
  } finally {
    control.stop.removeEventListener('abort', onStop);
  }
}
