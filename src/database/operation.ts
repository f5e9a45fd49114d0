import type {Note} from '../model/index.js';
import type {Command} from '../shell/index.js';

/** How the steps of an operation reach the hosts. */
export interface OperationHosts {
  /**
   * Runs a command as root on a host and resolves with what it printed. Rejects with `HostError`: the command failed, the
   * connection was lost, or `seconds` (default 30) are over. `live`: what it prints is shown as it comes.
   */
  ask(host: string, command: Command, options?: {readonly seconds?: number; readonly live?: boolean}): Promise<string>;
}

/** What a step answers that had nothing to do. */
export const NOT_NEEDED = 'not needed';

/** One step: what the plan says of it, and what is done. */
export interface OperationStep {
  /** The host whose name stands before it. */
  readonly host: string;
  /** In the imperative: `wait until db2 has everything`. */
  readonly text: string;
  /** Resolves with words about the result, or with undefined. Rejects with `HostError`. */
  run(hosts: OperationHosts): Promise<string | undefined>;
  /** How it is taken back while the point of no return is not passed. Left out: there is nothing to take back. */
  readonly undo?: {readonly text: string; run(hosts: OperationHosts): Promise<unknown>};
  /** From this step on nothing is taken back: when one fails, the next run finishes the operation. */
  readonly isFinal?: boolean;
  /** It runs at the same time as the steps next to it that say so too. */
  readonly isParallel?: boolean;
  /** It fails without harm: the operation goes on, and says so. */
  readonly mayFail?: boolean;
}

/** A change of the roles or the data of database servers, as a plan. */
export interface Operation {
  /** The command: `switchover`. */
  readonly name: string;
  /** What it does, as one line: `switchover: db1 → db2`. */
  readonly title: string;
  /** What the reader must know before agreeing. */
  readonly notes: readonly Note[];
  /** What has to be typed to agree, where data is replaced. Left out: yes or no is enough. */
  readonly confirmBy?: string;
  /** In their order. Empty: there is nothing to do. */
  readonly steps: readonly OperationStep[];
  /** The last line after success. */
  readonly done: string;
  /** Forgets on the hosts that it was done, when the user has been told. It may fail: the same command then says so. */
  forget?(hosts: OperationHosts): Promise<unknown>;
}

/** Takes what happens. */
export interface OperationListener {
  started(step: OperationStep): void;
  finished(step: OperationStep, seconds: number, result: string | undefined): void;
  undone(step: OperationStep): void;
}

/** Why an operation did not end well. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';
  readonly step: OperationStep;
  /** `undone`: everything is as it was before; `unfinished`: the next run must finish it. */
  readonly outcome: 'undone' | 'unfinished' | 'undo-failed';

  constructor(step: OperationStep, outcome: OperationFailed['outcome'], cause: unknown) {
    super(step.text, {cause});
    this.step = step;
    this.outcome = outcome;
  }
}

/**
 * Runs the steps in their order. When one fails, or `stop` is aborted, before the point of no return, the steps that were
 * done are taken back in the reverse order. After that point they are not, and a stop is not heeded. Rejects with
 * `OperationFailed`; its cause is what the step threw, and the signal's reason for a stop.
 */
export async function runOperation(
  {steps}: Operation,
  hosts: OperationHosts,
  listener: OperationListener,
  stop: AbortSignal,
): Promise<void> {
  const done: OperationStep[] = [];
  for (const group of groupsOf(steps)) {
    const isFinal = [...done, ...group].some((each) => each.isFinal);
    try {
      if (!isFinal) stop.throwIfAborted();
      done.push(...group);
      await runTogether(group, hosts, listener);
    } catch (error) {
      const {step, cause} = error instanceof StepFailed ? error : {step: group[0], cause: error};
      if (step === undefined) throw error;
      if (isFinal) throw new OperationFailed(step, 'unfinished', cause);
      throw new OperationFailed(step, (await takeBack(done, hosts, listener)) ? 'undone' : 'undo-failed', cause);
    }
  }
}

/** The steps one by one, and those that run at the same time together. */
function groupsOf(steps: readonly OperationStep[]): readonly (readonly OperationStep[])[] {
  const groups: OperationStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.isParallel && last?.[0]?.isParallel) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** Carries the step that failed out of a group. */
class StepFailed extends Error {
  readonly step: OperationStep;

  constructor(step: OperationStep, cause: unknown) {
    super(step.text, {cause});
    this.step = step;
  }
}

/** Rejects with `StepFailed` for the first that failed, when all have ended. */
async function runTogether(group: readonly OperationStep[], hosts: OperationHosts, listener: OperationListener) {
  const running = group.map((step) =>
    runStep(step, hosts, listener).catch((error: unknown) => {
      throw new StepFailed(step, error);
    }),
  );
  const failed = (await Promise.allSettled(running)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

async function runStep(step: OperationStep, hosts: OperationHosts, listener: OperationListener): Promise<void> {
  const began = performance.now();
  listener.started(step);
  const result = await step.run(hosts).catch((error: unknown) => {
    if (step.mayFail) return `not done: ${error instanceof Error ? error.message : String(error)}`;
    throw error;
  });
  listener.finished(step, (performance.now() - began) / 1000, result);
}

/** The step that failed may be half done: it is taken back too. Returns whether all of it succeeded. */
async function takeBack(
  done: readonly OperationStep[],
  hosts: OperationHosts,
  listener: OperationListener,
): Promise<boolean> {
  let succeeded = true;
  for (const step of done.toReversed()) {
    if (!step.undo) continue;
    try {
      await step.undo.run(hosts);
      listener.undone(step);
    } catch {
      succeeded = false;
    }
  }
  return succeeded;
}
