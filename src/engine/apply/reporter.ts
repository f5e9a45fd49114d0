import {ANYTHING, type HostError, taskName} from '../../model/index.js';
import type {FrameEvent, OutputLine, Reply} from '../../shell/index.js';
import {handlerFailed, judgeChange} from '../failures.js';
import type {Progress, TaskEntry} from '../host-run.js';
import {backupOf, changeCommands, type ScriptStep} from './step-command.js';

/** Turns frames into events, and keeps the first failure, or the change that failed and may be tried again. */
export class Reporter {
  readonly #progress: Progress;
  readonly #play: string;
  readonly #steps: readonly ScriptStep[];
  #since = 0;
  failure: HostError | undefined;
  /** Index of a change that failed and may be tried again. */
  again: number | undefined;

  constructor(progress: Progress, play: string, steps: readonly ScriptStep[]) {
    this.#progress = progress;
    this.#play = play;
    this.#steps = steps;
  }

  receive(event: FrameEvent): void {
    if (event.type === 'finished') return;
    const step = this.#steps[event.step];
    if (!step || !isActing(step)) return;
    if (event.type === 'began') this.#begin(step);
    else this.#end(step, event.step, event.reply);
  }

  print({step: index, stream, text}: OutputLine): void {
    const step = this.#steps[index];
    if (!step || !isActing(step)) return;
    const task = step.type === 'handler' ? `handler ${step.handler.id}` : taskName(step.entry.open.task);
    this.#progress.listener({type: 'output', ...this.#subject(), task, stream, text});
  }

  #begin(step: ActingStep): void {
    this.#since = performance.now();
    const {listener} = this.#progress;
    if (step.type === 'handler') {
      const commands = [step.handler.command.toString()];
      listener({type: 'handler-started', ...this.#subject(), handler: step.handler.id, commands});
    } else {
      const commands = changeCommands(step.entry).map(String);
      listener({type: 'task-started', ...this.#subject(), task: taskName(step.entry.open.task), commands});
    }
  }

  #end(step: ActingStep, index: number, reply: Reply): void {
    const seconds = (performance.now() - this.#since) / 1000;
    const failure = this.#fail(step, reply, seconds);
    if (failure === undefined) this.#succeed(step, seconds);
    else if (step.type === 'handler') this.failure = failure;
    else if (mayTryAgain(step.entry)) this.#retry(step.entry, index, seconds);
    else if (step.entry.open.task.ignoreErrors) this.#ignore(step.entry, failure, seconds);
    else this.failure = failure;
  }

  #succeed(step: ActingStep, seconds: number): void {
    this.#touch();
    const {listener} = this.#progress;
    if (step.type === 'handler') {
      this.#progress.affected.add([ANYTHING]);
      listener({type: 'handler-ran', ...this.#subject(), handler: step.handler.id, seconds});
      return;
    }
    this.#progress.changed += 1;
    const {task} = step.entry.open;
    const {verdict} = step.entry;
    const {action, diff: changes} = verdict.type === 'change' ? verdict : {action: 'run' as const, diff: []};
    const diff = this.#progress.run.describer.diff({action, diff: changes}, task.id);
    const backup = backupOf(step.entry, this.#progress.control);
    const known = {...(diff.length > 0 && {diff}), ...(backup !== undefined && {backup})};
    listener({type: 'task-changed', ...this.#subject(), task: taskName(task), action, seconds, ...known});
  }

  #retry({open: {task}, attempts = 0}: TaskEntry, index: number, seconds: number): void {
    this.#touch();
    this.again = index;
    const count = {attempt: attempts + 1, attempts: (task.retries ?? 0) + 1};
    this.#progress.listener({type: 'task-retried', ...this.#subject(), task: taskName(task), ...count, seconds});
  }

  #ignore({open: {task}}: TaskEntry, {failure}: HostError, seconds: number): void {
    this.#touch();
    this.#progress.excused.add(task);
    this.#progress.listener({type: 'task-ignored', ...this.#subject(), task: taskName(task), failure, seconds});
  }

  #fail(step: ActingStep, reply: Reply, seconds: number): HostError | undefined {
    if (step.type === 'change') return judgeChange(this.#play, step.entry, reply, seconds);
    return reply.code === 0 ? undefined : handlerFailed(this.#play, step.handler, reply);
  }

  /** Something was done, at least in part. */
  #touch(): void {
    this.#progress.touched = true;
  }

  #subject() {
    return {host: this.#progress.run.host.name, play: this.#play};
  }
}

/** A step that changes something. */
type ActingStep = Exclude<ScriptStep, {readonly type: 'probe' | 'check'}>;

const isActing = (step: ScriptStep): step is ActingStep => step.type === 'change' || step.type === 'handler';

/** Whether a change that fails now may be tried again. */
export function mayTryAgain({open: {task}, attempts = 0}: TaskEntry): boolean {
  return attempts < (task.retries ?? 0);
}
