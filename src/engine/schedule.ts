import {type Failure, HostError, type Listener} from '../model/index.js';
import {applyPlay} from './apply-play.js';
import type {HostRun, Progress} from './host-run.js';
import {lockHost} from './lock.js';
import type {Planned} from './plan-all.js';
import {verifyHost} from './verify.js';

/**
 * Applies every host's plan: plays side by side on different hosts, in the order written on one, each after the plays
 * it needs. A host that fails stops alone. Never rejects for a host; the events tell what happened.
 */
export async function applyAll(planned: readonly Planned[], owner: string, listener: Listener): Promise<void> {
  const gates = new Gates(planned);
  await Promise.all(planned.map(({run}) => run && applyHost(run, gates, owner, listener)));
}

async function applyHost(run: HostRun, gates: Gates, owner: string, listener: Listener): Promise<void> {
  const progress: Progress = {run, listener, changed: 0, touched: false, stale: false};
  const host = run.host.name;
  try {
    await lockHost(run, owner);
    for (const {name, needs} of run.plays) {
      if (await gates.wait(needs)) progress.stale = true;
      await applyPlay(progress, name);
      gates.finish(host, name, {changed: progress.touched});
    }
    if (progress.touched) await verifyHost(progress);
  } catch (error) {
    listener({type: 'host-failed', host, failure: failureOf(error)});
  } finally {
    for (const {name} of run.plays) gates.finish(host, name, {changed: progress.touched, failed: true});
    listener({type: 'host-finished', host, changed: progress.changed});
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof HostError) return error.failure;
  throw error;
}

interface Outcome {
  readonly changed: boolean;
  readonly failed?: boolean;
}

/** Where plays wait for the plays they need, host by host. */
class Gates {
  readonly #gates = new Map<string, Gate[]>();

  /** A host that could not be planned has failed all its plays from the start. */
  constructor(planned: readonly Planned[]) {
    for (const {plan, run, plays} of planned) {
      for (const name of plays) {
        this.#gates.set(name, [...(this.#gates.get(name) ?? []), new Gate(plan.host.name)]);
        if (!run) this.finish(plan.host.name, name, {changed: false, failed: true});
      }
    }
  }

  /**
   * Until the needed plays are through on all their hosts. True when any of them changed something. Rejects with
   * `HostError` `needs-failed` when one of them came through on no host at all: with one web server of two there is
   * still a site to balance, with none there is not.
   */
  async wait(needs: readonly string[]): Promise<boolean> {
    const waited = needs.map(async (need) => {
      const outcomes = await Promise.all((this.#gates.get(need) ?? []).map(({outcome}) => outcome));
      if (outcomes.length > 0 && outcomes.every(({failed}) => failed)) throw needsFailed(need);
      return outcomes.some(({changed}) => changed);
    });
    return (await Promise.all(waited)).includes(true);
  }

  /** The first word counts. */
  finish(host: string, play: string, outcome: Outcome): void {
    const gate = this.#gates.get(play)?.find((each) => each.host === host);
    gate?.finish(outcome);
  }
}

class Gate {
  readonly host: string;
  readonly outcome: Promise<Outcome>;
  finish: (outcome: Outcome) => void = () => {};

  constructor(host: string) {
    this.host = host;
    this.outcome = new Promise((resolve) => {
      this.finish = resolve;
    });
  }
}

function needsFailed(play: string): HostError {
  return new HostError({
    reason: 'needs-failed',
    message: `the play "${play}", which it needs, failed on all its hosts`,
    hint: 'Mend those hosts first, then apply again.',
  });
}
