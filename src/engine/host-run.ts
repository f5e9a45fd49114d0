import type {Describer} from '../diff/index.js';
import type {Affected, Host, JudgedHost, Listener, Task, Verdict} from '../model/index.js';
import type {Answer} from '../shell/index.js';
import type {CompiledPlay, OpenTask} from './compile.js';
import type {Links} from './links.js';
import type {RunControl} from './run-control.js';

/** A host in a run: connected, compiled and planned. */
export interface HostRun extends Links {
  readonly host: Host;
  readonly plays: readonly CompiledPlay[];
  readonly judged: JudgedHost;
  /** What each task of the plan was judged by; undefined where the host gave no answer. */
  readonly answers: readonly (Answer | undefined)[];
  /** Makes what leaves the engine of changes. */
  readonly describer: Describer;
  /** The last run that had the host when it was read, as its lock says; empty when there was none. */
  readonly lastRun: string;
}

/** A task on its way through apply. `planned`: what the plan said; `verdict`: what its last probe says. */
export interface Entry {
  readonly open: OpenTask;
  readonly planned: Verdict;
  readonly verdict: Verdict;
  /** The answer that `verdict` was made from: it must still be the same when the change is made. */
  readonly answer?: Answer | undefined;
  /** It has to be asked before anything can be done about it. */
  readonly ask?: boolean;
  /** Attempts made at its change. Default 0. */
  readonly attempts?: number;
  /** How often its answer was another one than expected. Default 0. */
  readonly surprises?: number;
  /** Its answer is another one each time it is asked, whatever its state: it is changed without another check. */
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
  /** Tasks that need not be as wished at the end: their failure is ignored, or somebody who was asked declined them. */
  readonly excused: Set<Task>;
  /** What was altered since the plan was made: by this run here, or in a play on other hosts that this one needs. */
  readonly affected: Affected;
  /** Another run has had the host since it was read: nothing is taken for granted, and nothing is excused by it. */
  readonly suspect: boolean;
}

/** The entries of one play, with the verdicts of the plan. */
export function entriesOf({plays, judged, answers}: HostRun, name: string): Entry[] {
  const play = plays.find((each) => each.name === name);
  const planned = judged.tasks.flatMap((task, index) => (task.play === name ? {...task, answer: answers[index]} : []));
  return (play?.tasks ?? []).map((open, index) => {
    const {verdict, answer} = planned[index] ?? {};
    if (!verdict || verdict.type === 'failed')
      throw new Error(`the plan of ${judged.host.name} does not fit its play ${name}`);
    return {open, planned: verdict, verdict, answer};
  });
}

/** Nothing is known that could be acted on: it is asked first. */
export const mustAsk = ({verdict, answer, ask}: Entry): boolean =>
  verdict.type === 'unknown' || answer === undefined || ask === true;
