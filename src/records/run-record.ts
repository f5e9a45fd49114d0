import {randomInt} from 'node:crypto';
import {hasEnded, machineKey} from '../local/this-machine.js';
import {type HostResult, type RunEvent, summarise} from '../model/index.js';

/** The format that this version writes. Fields may be added to it; a reader ignores unknown ones. */
export const RECORD_VERSION = '2.0';

/** A recorded run. Without a tail it still runs, or its process was killed. */
export interface RunRecord {
  readonly head: RunHead;
  readonly tail?: RunTail | undefined;
  readonly events: readonly TimedEvent[];
}

/** What is known of a run when it begins. Times are ISO 8601 in UTC. */
export interface RunHead {
  readonly format: 'infra-run';
  readonly formatVersion: string;
  /** The run's name: the time it began and a few letters. It sorts by time. */
  readonly run: string;
  readonly started: string;
  readonly operator: string;
  readonly machine: string;
  readonly process: number;
  /** Identifies this start of the machine, to check whether the process still exists. */
  readonly machineKey: string;
  /** Of infra. */
  readonly version: string;
  /** The words of the command line. */
  readonly arguments: readonly string[];
  /**
   * `digest`: SHA-256 of the file and, of a playbook, of all files that it imports; of an inventory, of those in
   * `group_vars/` and `host_vars/` next to it.
   */
  readonly playbook: {readonly file: string; readonly name: string; readonly digest: string};
  readonly inventory: {readonly file: string; readonly digest: string};
  /** The options of the run, by their long names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The run that this one continues. */
  readonly resumes?: string | undefined;
  readonly hosts: readonly string[];
}

/** An event and when it was received. */
export type TimedEvent = RunEvent & {readonly time: string};

/** What is known of a run when it has ended. */
export interface RunTail {
  readonly ended: string;
  readonly exitCode: number;
  /** `no-changes`, `declined`: nothing was begun on any host. */
  readonly outcome: 'applied' | 'no-changes' | 'declined' | 'stopped' | 'broken-off';
  readonly results: readonly HostResult[];
}

/** A name for a run that begins now: `20261122-103004-k7f2`. It sorts by time, and its end is enough to name it. */
export function newRunName(now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const letters = Array.from({length: 4}, () => LETTERS.charAt(randomInt(LETTERS.length)));
  return `${date}-${time}-${letters.join('')}`;
}

/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Whether a run has not ended and its process still runs, as far as this machine knows. */
export function isRunning({head, tail}: RunRecord): boolean {
  return tail === undefined && head.machineKey === machineKey() && !hasEnded(head.process);
}

/** Hosts on which a run did not end: failed, not reached, interrupted, or not begun when it was killed. */
export function unfinishedHosts({head, tail, events}: RunRecord): readonly string[] {
  const results = new Map(summarise(events).hosts.map((result) => [result.host, result]));
  const finished = new Set(events.flatMap(({type, host}) => (type === 'host-finished' ? [host] : [])));
  const begun = tail?.outcome !== 'no-changes' && tail?.outcome !== 'declined';
  return head.hosts.filter((name) => {
    const result = results.get(name);
    if (result?.failure || result?.status === 'interrupted') return true;
    return begun && !finished.has(name);
  });
}
