import type {Describer} from '../diff/index.js';
import type {Action, Affected, Host, JudgedHost, Listener, Task, Verdict} from '../model/index.js';
import type {Answer} from '../shell/index.js';
import type {Transport} from '../transport/index.js';
import type {CompiledPlay, OpenTask} from './compile/compile.js';
import type {Connections} from './connect/placement.js';

/** A host in a run: connected, compiled and planned. */
export interface HostRun extends Connections {
  readonly host: Host;
  readonly plays: readonly CompiledPlay[];
  readonly judged: JudgedHost;
  /** What each task of the plan was judged by; undefined where the host gave no answer. */
  readonly answers: readonly (Answer | undefined)[];
  /** Turns changes into plain data for people and files. */
  readonly describer: Describer;
  /** The last run that had locked the host when it was read, as its lock file says; empty when there was none. */
  readonly lastRun: string;
}

/** A task during apply. `planned`: what the plan said; `verdict`: what its last probe says. */
export interface TaskEntry {
  readonly open: OpenTask;
  readonly planned: Verdict;
  readonly verdict: Verdict;
  /** The answer that `verdict` was made from: it must still be the same when the change is made. */
  readonly answer?: Answer | undefined;
  /** It has to be probed before it can be changed. */
  readonly probeFirst?: boolean;
  /** Attempts made at its change. Default 0. */
  readonly attempts?: number;
  /** How often its answer was not the expected one. Default 0. */
  readonly surprises?: number;
  /** Its answer differs at each probe, whatever its state: it is changed without another check. */
  readonly sure?: boolean;
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
  /** Tasks that need not be as desired at the end: their failure is ignored, or the user declined them. */
  readonly excused: Set<Task>;
  /** What was altered since the plan was made: by this run here, or in a play on other hosts that this one needs. */
  readonly affected: Affected;
  /** Another run has had the host since it was read: nothing is taken for granted. */
  readonly suspect: boolean;
}

/** The entries of one play, with the verdicts of the plan. */
export function entriesOf({plays, judged, answers}: HostRun, name: string): TaskEntry[] {
  const play = plays.find((each) => each.name === name);
  const planned = judged.tasks.flatMap((task, index) => (task.play === name ? {...task, answer: answers[index]} : []));
  return (play?.tasks ?? []).map((open, index) => {
    const {verdict, answer} = planned[index] ?? {};
    if (!verdict || verdict.type === 'failed')
      throw new Error(`the plan of ${judged.host.name} does not fit its play ${name}`);
    return {open, planned: verdict, verdict, answer};
  });
}

/** Nothing is known that could be acted on: it is probed first. */
export const mustProbe = ({verdict, answer, probeFirst}: TaskEntry): boolean =>
  verdict.type === 'unknown' || answer === undefined || probeFirst === true;

/** What a run is given besides its plan. */
export interface RunControl {
  /** The run's name, unique in the project: for the lock, the record and what is kept on the hosts. */
  readonly id: string;
  /** Who runs it and where: `alice@laptop`. */
  readonly owner: string;
  /** Seconds to wait for hosts that another run has; 0: refuse at once. */
  readonly lockTimeout: number;
  /** Keep the old version of every file that is changed, on its host. */
  readonly keepBackups: boolean;
  /** Aborted when the run is to stop: every host ends its current task, and begins no other. */
  readonly stop: AbortSignal;
  /** For the new connections that confirm changes which may lock out. */
  readonly transport: Transport;
  /** The id of the saved plan that is applied: each host keeps a note of it, so that it is applied there once. */
  readonly plan?: string | undefined;
  /** Asked before each change, where it is given; false: the change is left out. */
  readonly confirm?: ((change: ChangeToConfirm) => Promise<boolean>) | undefined;
}

/** A change that the user is asked about. */
export interface ChangeToConfirm {
  readonly host: string;
  readonly play: string;
  /** `type id`. */
  readonly task: string;
  readonly action: Action;
}

/** A host stopped before its next task, because the user said so. Not a failure. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
