import type {HostResult, RunEvent} from '../model/index.js';

/** The format that this version writes. Fields may be added to it; a reader passes over those it does not know. */
export const RECORD_VERSION = '2.0';

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
  /** Tells one start of the machine from another, for who asks whether the process is still there. */
  readonly machineKey: string;
  /** Of infra. */
  readonly version: string;
  /** What stood on the command line. */
  readonly arguments: readonly string[];
  /**
   * `digest`: SHA-256 of the file and, of a playbook, of all files that it imports; of an inventory, of those in
   * `group_vars/` and `host_vars/` beside it.
   */
  readonly playbook: {readonly file: string; readonly name: string; readonly digest: string};
  readonly inventory: {readonly file: string; readonly digest: string};
  /** The options of the run, by their long names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The run that this one goes on with. */
  readonly resumes?: string | undefined;
  readonly hosts: readonly string[];
}

/** An event and when it was heard of. */
export type TimedEvent = RunEvent & {readonly time: string};

/** What is known of a run when it has ended. */
export interface RunTail {
  readonly ended: string;
  readonly exitCode: number;
  /** `no-changes`, `declined`: nothing was begun on any host. */
  readonly outcome: 'applied' | 'no-changes' | 'declined' | 'stopped' | 'broken-off';
  readonly results: readonly HostResult[];
}

/** A run on record. Without a tail it still goes on, or its process was killed. */
export interface RunRecord {
  readonly head: RunHead;
  readonly tail?: RunTail | undefined;
  readonly events: readonly TimedEvent[];
}
