import {ANYTHING, HostError, InputError, taskName, unreachable} from '../../model/index.js';
import {AS_EXPECTED, type FrameEvent, type OutputLine, type Reply, type ShellStep} from '../../shell/index.js';
import {connectionFor, runPlaced} from '../connect/placement.js';
import {commandFailed, endedEarly} from '../failures.js';
import {type Guarded, underGuard} from '../guard/under-guard.js';
import {Interrupted, type Progress, type TaskEntry} from '../host-run.js';
import {mayTryAgain, Reporter} from './reporter.js';
import {commandOf, notesBefore, type ScriptStep} from './step-command.js';

/** The result of a script. */
export interface ScriptResult {
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
export async function runScript(
  progress: Progress,
  play: string,
  planned: readonly ScriptStep[],
): Promise<ScriptResult> {
  if (planned.length === 0) return {replies: []};
  const steps = await Promise.all(planned.map((step) => withLateCommands(step, play)));
  const reporter = new Reporter(progress, play, steps);
  const script = steps.map((step) => ({
    on: step.type === 'handler' ? progress.run.connection : connectionFor(progress.run, step.entry.open.task),
    step: {command: commandOf(step, play, progress.control), required: isRequired(step), ...modeOf(step)},
  }));
  const run = (onLine: (line: OutputLine) => void = () => {}) => {
    const options = {
      stoppable: true,
      onEvent: (event: FrameEvent) => reporter.receive(event),
      onOutput: (line: OutputLine) => {
        onLine(line);
        reporter.print(line);
      },
    };
    return runPlaced(script, options, () => reporter.failure === undefined && reporter.again === undefined);
  };
  const replies = await stoppable(progress, async () => {
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

/**
 * The step with commands that are made only now, where it has such. Rejects with `HostError` when they cannot be made.
 */
async function withLateCommands(step: ScriptStep, play: string): Promise<ScriptStep> {
  return step.type === 'change' ? {...step, entry: await makeCommands(step.entry, play)} : step;
}

async function makeCommands(entry: TaskEntry, play: string): Promise<TaskEntry> {
  const {verdict, open} = entry;
  if (verdict.type !== 'change' || verdict.late === undefined) return entry;
  try {
    return {...entry, verdict: {...verdict, commands: await verdict.late()}};
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const {at} = open.task;
    const hint = error.diagnostics[0]?.hint;
    const message = `${taskName(open.task)}: ${error.message}`;
    throw new HostError({reason: 'command-failed', message, hint, task: taskName(open.task), play, at});
  }
}

/** Steps are left, and none before them says why. */
function isCutShort(steps: readonly ScriptStep[], replies: ScriptResult['replies']): boolean {
  const first = replies.indexOf(undefined);
  const last = first < 0 ? undefined : steps[first - 1];
  return first >= 0 && !(last?.type === 'check' && replies[first - 1] !== AS_EXPECTED);
}

/** Whether nothing after it may run when it fails. */
function isRequired(step: ScriptStep): boolean {
  if (step.type !== 'change') return step.type === 'handler';
  return !step.entry.open.task.ignoreErrors || mayTryAgain(step.entry);
}

/**
 * Output of a change that may alter anything is read as it comes; of other changes it is enough when they have ended.
 */
function modeOf(step: ScriptStep): Pick<ShellStep, 'mode' | 'expect'> {
  switch (step.type) {
    case 'probe':
      return {mode: 'probe'};
    case 'check':
      return {mode: 'probe', expect: step.entry.answer};
    case 'handler':
      return {mode: 'live'};
    case 'change':
      return isLive(step.entry) ? {mode: 'live'} : {};
    default:
      return unreachable(step);
  }
}

const isLive = ({open: {task}, verdict}: TaskEntry) =>
  task.affects.includes(ANYTHING) || (verdict.type === 'change' && verdict.guard !== undefined);

/** The guarded change of a script; it is alone there. */
function guardedIn(step: ScriptStep, {run, control}: Progress): Guarded | undefined {
  if (step.type !== 'change' || step.entry.verdict.type !== 'change') return undefined;
  const {guard} = step.entry.verdict;
  const {delegateTo} = step.entry.open.task;
  const on = delegateTo === undefined ? run.host : run.others.get(delegateTo)?.host;
  return guard && on && {entry: step.entry, guard, host: on, transport: control.transport};
}

/** Handlers of delegated tasks run on the host of the play, so they are noted there. */
async function leaveNotes({run}: Progress, play: string, steps: readonly ScriptStep[]): Promise<void> {
  const command = notesBefore(steps);
  const first = steps.find((step) => step.type === 'change');
  if (!command || !first) return;
  const [reply] = await run.connection.run([{command, required: true}], {within: NOTES_TIMEOUT});
  if (reply?.code !== 0) throw commandFailed(play, first.entry.open.task, command, reply ?? NO_REPLY);
}

const NOTES_TIMEOUT = 60;
const NO_REPLY: Reply = {code: 255, stdout: '', stderr: '', truncated: false};

/** While the work runs, passes a request to stop on to its hosts. */
async function stoppable<T>({control, run}: Progress, work: () => Promise<T>): Promise<T> {
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
