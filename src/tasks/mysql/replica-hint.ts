import type {Reply} from '../../shell/index.js';

/** The next step for a replication that does not start, by the server's error number. */
export function replicationHint({stderr}: Reply): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
}

const HINTS: readonly [RegExp, string][] = [
  [
    /SSL connection error|certificate/i,
    "compare the primary's certificate with the authority's file here: it has to come from that authority, name the primary's address and be in date",
  ],
  [
    /\b1236\b|purged|Got fatal error/,
    'the primary no longer has all of its binary logs: copy its data to this server (a backup, a dump or CLONE), then apply again',
  ],
  [/\b1045\b|Access denied/, "compare the replication user's password and hosts on the primary"],
  [
    /\b(2002|2003|2013)\b|error (re)?connecting/,
    'check that the primary runs and that its port can be reached from this server',
  ],
  [
    /\b(1062|1032|1050|1007|1396|1950)\b|Duplicate entry|Could not execute/,
    'this server differs from its primary: mend the difference it names, or copy the data of the primary again',
  ],
];
