import {type Command, sh} from '../../shell/index.js';

/**
 * The file in which the health service of a replica keeps for how many replicas each write of its source waited when it
 * was heard last, and that only if the replica has all from before: `ADDRESS ACKS HEARD AWAKE`, the last two in seconds.
 */
export const SOURCE_PROMISE = '/var/lib/database-health/promise';

/** Prints it as `promise: ADDRESS ACKS HEARD AGE`. The age: seconds since the service ran last. */
export const sourcePromiseProbe: Command = sh`[ ! -s ${SOURCE_PROMISE} ] || { read -r s k h w <${SOURCE_PROMISE}; echo "promise: $s $k $h $(($(date +%s) - w))"; }`;

/** What a replica knows of its source. */
export interface SourcePromise {
  /** The source's address. */
  readonly source: string;
  /** Replicas that each of its writes waited for; 0: none, or not without end. */
  readonly acks: number;
  /** When it said so last. */
  readonly heard: Date;
}

/** Seconds: what a service that has not run for longer has written down no longer counts. */
const LONGEST_SILENCE = 60;

/** Undefined where nothing is known, and for what no longer counts. */
export function parseSourcePromise(text: string | undefined): SourcePromise | undefined {
  const [, source, acks, heard, age] = /^(\S+) (\d+) (\d+) (\d+)$/.exec(text ?? '') ?? [];
  if (source === undefined || Number(age) > LONGEST_SILENCE) return undefined;
  return {source, acks: Number(acks), heard: new Date(Number(heard) * 1000)};
}
