import type {Host, HostPlan, Listener, Verdict} from '../model/index.js';
import type {CompiledPlay, OpenTask} from './compile.js';
import type {Links} from './links.js';

/** A host in a run: connected, compiled and planned. */
export interface HostRun extends Links {
  readonly host: Host;
  readonly plays: readonly CompiledPlay[];
  readonly plan: HostPlan;
}

/** A task on its way through apply. `planned`: what the plan said; `verdict`: what its last probe says. */
export interface Entry {
  readonly open: OpenTask;
  readonly planned: Verdict;
  readonly verdict: Verdict;
}

/** What apply carries along a host's plays. */
export interface Progress {
  readonly run: HostRun;
  readonly listener: Listener;
  /** Tasks that changed something so far. */
  changed: number;
  /** Something was done on the host, so it is verified at the end. */
  touched: boolean;
  /** The plan's verdicts may no longer hold: something was done here, or in a play on another host that this one needs. */
  stale: boolean;
}

/** The entries of one play, with the verdicts of the plan. */
export function entriesOf({plays, plan}: HostRun, name: string): Entry[] {
  const play = plays.find((each) => each.name === name);
  const planned = plan.tasks.filter((task) => task.play === name);
  return (play?.tasks ?? []).map((open, index) => {
    const verdict = planned[index]?.verdict;
    if (!verdict) throw new Error(`the plan of ${plan.host.name} does not fit its play ${name}`);
    return {open, planned: verdict, verdict};
  });
}
