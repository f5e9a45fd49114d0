import {type Handler, type HostError, taskName} from '../model/index.js';
import {type Command, type FrameEvent, join, type Reply, sh} from '../shell/index.js';
import {commandFailed, handlerFailed} from './failures.js';
import type {Entry, Progress} from './host-run.js';
import {markPending, runHandler} from './markers.js';

/** One step of a script: a task's change, a handler, or a probe. */
export type ScriptStep =
  | {readonly type: 'change'; readonly entry: Entry}
  | {readonly type: 'handler'; readonly handler: Handler}
  | {readonly type: 'probe'; readonly probe: Command};

/** Seconds that one script of changes may take. A slow package mirror is the longest thing there is. */
const APPLY_TIMEOUT = 3600;

/**
 * Runs the steps as one script; what happens becomes events as it happens. Returns the replies of all steps.
 * Rejects with `HostError` when a change or a handler fails: nothing after it has run.
 */
export async function runScript(progress: Progress, play: string, steps: readonly ScriptStep[]) {
  if (steps.length === 0) return [];
  const reporter = new Reporter(progress, play, steps);
  const script = steps.map((step) => ({command: commandOf(step), required: step.type !== 'probe'}));
  const options = {timeout: APPLY_TIMEOUT, onEvent: (event: FrameEvent) => reporter.receive(event)};
  const replies = await progress.run.connection.run(script, options);
  if (reporter.failure) throw reporter.failure;
  return replies;
}

function commandOf(step: ScriptStep): Command {
  if (step.type === 'probe') return step.probe;
  if (step.type === 'handler') return runHandler(step.handler);
  return inOrder([...markPending(step.entry.open.task.notify), ...changeCommands(step.entry)]);
}

/** One after another; the first that fails ends the step with its exit code. */
function inOrder(commands: readonly Command[]): Command {
  return join(
    commands.map(
      (command) => sh`{ ${command}
} || exit`,
    ),
    '\n',
  );
}

const changeCommands = ({verdict}: Entry) => (verdict.type === 'change' ? verdict.commands : []);

/** Turns frames into events and keeps the first failure. */
class Reporter {
  readonly #progress: Progress;
  readonly #play: string;
  readonly #steps: readonly ScriptStep[];
  #since = 0;
  failure: HostError | undefined;

  constructor(progress: Progress, play: string, steps: readonly ScriptStep[]) {
    this.#progress = progress;
    this.#play = play;
    this.#steps = steps;
  }

  receive(event: FrameEvent): void {
    if (event.type === 'finished') return;
    const step = this.#steps[event.step];
    if (!step || step.type === 'probe') return;
    if (event.type === 'began') this.#begin(step);
    else if (event.reply.code === 0) this.#succeed(step);
    else this.failure = this.#fail(step, event.reply);
  }

  #begin(step: Acting): void {
    this.#since = Date.now();
    const {listener} = this.#progress;
    if (step.type === 'handler') listener({type: 'handler-started', ...this.#subject(), handler: step.handler.id});
    else listener({type: 'task-started', ...this.#subject(), task: taskName(step.entry.open.task)});
  }

  #succeed(step: Acting): void {
    this.#progress.touched = true;
    this.#progress.stale = true;
    const {listener} = this.#progress;
    const seconds = (Date.now() - this.#since) / 1000;
    if (step.type === 'handler') {
      listener({type: 'handler-ran', ...this.#subject(), handler: step.handler.id, seconds});
      return;
    }
    this.#progress.changed += 1;
    const {open, verdict} = step.entry;
    const action = verdict.type === 'change' ? verdict.action : 'run';
    listener({type: 'task-changed', ...this.#subject(), task: taskName(open.task), action, seconds});
  }

  #fail(step: Acting, reply: Reply): HostError {
    if (step.type === 'handler') return handlerFailed(this.#play, step.handler, reply);
    return commandFailed(this.#play, step.entry.open.task, join(changeCommands(step.entry), '\n'), reply);
  }

  #subject() {
    return {host: this.#progress.run.host.name, play: this.#play};
  }
}

type Acting = Exclude<ScriptStep, {readonly type: 'probe'}>;
