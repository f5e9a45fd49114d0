import type {Host, HostPlan, Listener, Task, Verdict} from '../model/index.js';
import type {CompiledPlay, OpenTask} from './compile.js';
import type {Links} from './links.js';
import type {RunControl} from './run-control.js';

/** A host in a run: connected, compiled and planned. */
export interface HostRun extends Links {
  readonly host: Host;
  readonly plays: readonly CompiledPlay[];
  readonly plan: HostPlan;
  /** The last run that had the host when it was read, as its lock says; empty when there was none. */
  readonly lastRun: string;
}

/** A task on its way through apply. `planned`: what the plan said; `verdict`: what its last probe says. */
export interface Entry {
  readonly open: OpenTask;
  readonly planned: Verdict;
  readonly verdict: Verdict;
  /** Attempts made at its change. Default 0. */
  readonly attempts?: number;
}

/** What apply carries along a host's plays. */
export interface Progress {
  readonly run: HostRun;
  readonly control: RunControl;
  readonly listener: Listener;
  /** Tasks that changed something so far. */
  changed: number;
  /** Something was done on the host, so it is verified at the end. */
  touched: boolean;
  /** Tasks that need not be as wished at the end: their failure is ignored, or somebody who was asked declined them. */
  readonly excused: Set<Task>;
  /** The plan's verdicts may no longer hold: something was done here, or in a play on another host that this one needs. */
  stale: boolean;
}

/** The entries of one play, with the verdicts of the plan. */
export function entriesOf({plays, plan}: HostRun, name: string): Entry[] {
  const play = plays.find((each) => each.name === name);
  const planned = plan.tasks.filter((task) => task.play === name);
  return (play?.tasks ?? []).map((open, index) => {
    const verdict = planned[index]?.verdict;
    if (!verdict || verdict.type === 'failed')
      throw new Error(`the plan of ${plan.host.name} does not fit its play ${name}`);
    return {open, planned: verdict, verdict};
  });
}
