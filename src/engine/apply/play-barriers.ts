import {HostError, type Rollout} from '../../model/index.js';
import type {Planned} from '../plan/plan-all.js';

/** How a play ended on a host. */
export interface Outcome {
  /** The host was changed, in this play or before. */
  readonly changed: boolean;
  readonly failed?: boolean;
}

/** Hosts wait here before a play: for the plays it needs, and for the batches before their own. */
export class PlayBarriers {
  readonly #barriers = new Map<string, Barrier[]>();
  readonly #rollouts: ReadonlyMap<string, Rollout>;

  /** A host that could not be planned has failed all its plays from the start. */
  constructor(planned: readonly Planned[]) {
    this.#rollouts = new Map(planned.flatMap(({plan}) => plan.rollouts ?? []).map((each) => [each.play, each]));
    for (const {plan, run, plays} of planned) {
      for (const name of plays) {
        this.#barriers.set(name, [...(this.#barriers.get(name) ?? []), new Barrier(plan.host.name)]);
        if (!run) this.finish(plan.host.name, name, {changed: false, failed: true});
      }
    }
  }

  /**
   * Waits until the host may begin the play. `needs`: names of the plays it needs; `idle`: nothing is planned in it, so
   * it does no harm, however many other hosts have failed. True when what was read of the host may no longer hold: a
   * play that this one needs changed something, or other hosts went first. Rejects with `HostError` `needs-failed` or
   * `too-many-failures`.
   */
  async enter(host: string, play: string, {needs, idle}: {needs: readonly string[]; idle: boolean}): Promise<boolean> {
    const changed = await Promise.all(needs.map((need) => this.#ended(need, idle)));
    const before = this.#before(host, play);
    await Promise.all(before.map(({ending}) => ending));
    const rollout = this.#rollouts.get(play);
    const failed = idle ? [] : this.#failed(play);
    if (rollout && failed.length > rollout.maxFailures) throw tooManyFailures(rollout, failed, this.#count(play));
    return before.length > 0 || changed.includes(true);
  }

  /** Whether other hosts wait until a host has ended this play and is found as desired. */
  goesInBatches(play: string): boolean {
    return (this.#rollouts.get(play)?.batches.length ?? 1) > 1;
  }

  /** Says how the play ended on a host. Only the first call counts. */
  finish(host: string, play: string, outcome: Outcome): void {
    const barrier = this.#barriers.get(play)?.find((each) => each.host === host);
    barrier?.finish(outcome);
  }

  /**
   * Waits until a play has ended on all its hosts. True when it changed something. It must not have failed on more
   * hosts than it allows or, where it has no such limit, on all its hosts: with one web server of two there is still a
   * site to balance, with none there is not.
   */
  async #ended(play: string, idle: boolean): Promise<boolean> {
    const outcomes = await Promise.all((this.#barriers.get(play) ?? []).map(({ending}) => ending));
    const failures = outcomes.filter(({failed}) => failed).length;
    const allowed = this.#rollouts.get(play)?.maxFailures ?? outcomes.length - 1;
    if (!idle && failures > Math.min(allowed, outcomes.length - 1) && outcomes.length > 0) {
      throw needsFailed(play, failures, outcomes.length);
    }
    return outcomes.some(({changed}) => changed);
  }

  /** The hosts of all earlier batches. */
  #before(host: string, play: string): readonly Barrier[] {
    const barriers = this.#barriers.get(play) ?? [];
    const position = barriers.findIndex((each) => each.host === host);
    let first = 0;
    for (const size of this.#rollouts.get(play)?.batches ?? []) {
      if (position < first + size) break;
      first += size;
    }
    return barriers.slice(0, first);
  }

  #failed(play: string): readonly string[] {
    return (this.#barriers.get(play) ?? []).filter(({outcome}) => outcome?.failed).map(({host}) => host);
  }

  #count(play: string): number {
    return this.#barriers.get(play)?.length ?? 0;
  }
}

/** One host before one play. */
class Barrier {
  readonly host: string;
  readonly ending: Promise<Outcome>;
  outcome: Outcome | undefined;
  readonly #resolve: (outcome: Outcome) => void;

  constructor(host: string) {
    let resolve: (outcome: Outcome) => void = () => {};
    this.host = host;
    this.ending = new Promise((settle) => {
      resolve = settle;
    });
    this.#resolve = resolve;
  }

  finish(outcome: Outcome): void {
    this.outcome ??= outcome;
    this.#resolve(this.outcome);
  }
}

function needsFailed(play: string, failures: number, hosts: number): HostError {
  const where = failures === hosts ? 'all its hosts' : `${failures} of its ${hosts} hosts`;
  return new HostError({
    reason: 'needs-failed',
    message: `the play "${play}", which it needs, failed on ${where}`,
    hint: 'Fix those hosts first, then apply again.',
  });
}

function tooManyFailures({play, maxFailures}: Rollout, failed: readonly string[], hosts: number): HostError {
  const allowed = maxFailures === 0 ? 'none may fail' : `at most ${maxFailures} may fail`;
  return new HostError({
    reason: 'too-many-failures',
    message: `the play was not begun: ${failed.length} of ${hosts} hosts failed or are unreachable (${failed.join(', ')}), ${allowed}`,
    hint: 'Fix them and apply again; or leave them out with --limit, or allow more with maxFailures.',
    play,
  });
}
