/*
 * What clients were told about the rows that they wrote, and what the database holds afterwards.
 */

/** `kept`: clients with one connection for many rows; `fresh`: clients that connect for each row. */
export type ClientKind = 'kept' | 'fresh';

/** One row that a client has tried to write, once. */
export interface Write {
  readonly id: number;
  readonly kind: ClientKind;
  /** Milliseconds since the writers began. */
  readonly sent: number;
  readonly ended: number;
  /**
   * `acknowledged`: the server said so. `refused`: the server said no, or the row was never sent. `uncertain`: the
   * connection was lost, or the client no longer waited.
   */
  readonly outcome: 'acknowledged' | 'refused' | 'uncertain';
  /** Of the client, for the latter two. */
  readonly error?: string;
}

/** Ledger and table compared. */
export interface Verdict {
  readonly acknowledged: number;
  /** Acknowledged rows that are not there: each is a broken promise. */
  readonly missing: readonly number[];
  /** Rows that are there more than once: each was sent once. */
  readonly doubled: readonly number[];
  /** Refused, and there all the same. */
  readonly refusedButThere: readonly number[];
  /** Uncertain, and there: allowed. */
  readonly uncertainAndThere: number;
  /** Rows that nobody has sent. */
  readonly foreign: readonly number[];
  /** Writes that were not acknowledged, by the kind of the client. */
  readonly failed: Readonly<Record<ClientKind, number>>;
  /** The errors of these, with how often each came. */
  readonly errors: Readonly<Record<string, number>>;
  /** The longest time without an acknowledgement, in milliseconds. */
  readonly pause: number;
  /** The longest time that an acknowledged write took. */
  readonly slowest: number;
}

/** `rows`: how often each number is in the table. */
export function judge(writes: readonly Write[], rows: ReadonlyMap<number, number>): Verdict {
  const by = (outcome: Write['outcome']) => writes.filter((write) => write.outcome === outcome);
  const acknowledged = by('acknowledged');
  const failed = writes.filter(({outcome}) => outcome !== 'acknowledged');
  const sent = new Set(writes.map(({id}) => id));
  const errors: Record<string, number> = {};
  for (const {error = 'no error', kind} of failed) {
    const name = `${kind}: ${error}`;
    errors[name] = (errors[name] ?? 0) + 1;
  }
  return {
    acknowledged: acknowledged.length,
    missing: acknowledged.flatMap(({id}) => (rows.has(id) ? [] : [id])),
    doubled: [...rows].flatMap(([id, count]) => (count > 1 ? [id] : [])),
    refusedButThere: by('refused').flatMap(({id}) => (rows.has(id) ? [id] : [])),
    uncertainAndThere: by('uncertain').filter(({id}) => rows.has(id)).length,
    foreign: [...rows.keys()].filter((id) => !sent.has(id)),
    failed: {
      kept: failed.filter(({kind}) => kind === 'kept').length,
      fresh: failed.filter(({kind}) => kind === 'fresh').length,
    },
    errors,
    pause: longestPause(acknowledged),
    slowest: Math.max(0, ...acknowledged.map(({sent: from, ended}) => ended - from)),
  };
}

/** The longest time without an acknowledgement, in milliseconds; `from`: counted from this time of the ledger on. */
export function longestPause(writes: readonly Write[], from?: number): number {
  const acknowledged = writes.filter(({outcome}) => outcome === 'acknowledged');
  const times = [...acknowledged.map(({ended}) => ended), ...(from === undefined ? [] : [from])];
  times.sort((one, other) => one - other);
  return times.reduce((most, time, index) => Math.max(most, time - (times[index - 1] ?? time)), 0);
}
