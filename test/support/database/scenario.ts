/*
 * Scenarios in letters: what three servers are, over time. `MSS XMS SMS`: the primary dies, the second server takes over,
 * the first comes back as its replica. Pure: which events lead from one row to the next.
 */

/** Primary, replica, dead. */
export type Letter = 'M' | 'S' | 'X';

/** What each of the servers is, in their order. */
export type Row = readonly Letter[];

/** What happens to the server with this index. */
export interface ScenarioEvent {
  /**
   * `die`: its power is cut. `return`: it is on again, and nobody does anything. `rejoin`, `switchover`, `failover`: the
   * operator's commands; the last two make it the primary.
   */
  readonly does: 'die' | 'return' | 'rejoin' | 'switchover' | 'failover';
  readonly server: number;
}

/** Throws for a text that is not a scenario. */
export function parseScenario(text: string): readonly Row[] {
  const rows = text.split(/[\s→>-]+/).filter((row) => row !== '');
  for (const row of rows) {
    if (!/^[MSX]{3}$/.test(row) || /M.*M/.test(row)) throw new Error(`"${row}" is not what three servers can be`);
  }
  return rows.map((row) => row.split('').flatMap((letter) => (isLetter(letter) ? [letter] : [])));
}

const isLetter = (text: string): text is Letter => text === 'M' || text === 'S' || text === 'X';

/** Deaths first, then a new primary, then those that come back; one that is to be the primary comes back before that. */
export function eventsBetween(before: Row, after: Row): readonly ScenarioEvent[] {
  const is = (row: Row, letter: Letter) => row.flatMap((each, index) => (each === letter ? [index] : []));
  const [oldPrimary] = is(before, 'M');
  const [newPrimary] = is(after, 'M');
  const dying = is(after, 'X').filter((index) => before[index] !== 'X');
  const returning = is(before, 'X').filter((index) => after[index] !== 'X');
  const event = (does: ScenarioEvent['does']) => (server: number) => ({does, server});
  const deaths = dying.map(event('die'));
  if (newPrimary === undefined || newPrimary === oldPrimary) {
    return [
      ...deaths,
      ...returning.flatMap(
        (server) =>
          [
            {does: 'return', server},
            {does: 'rejoin', server},
          ] as const,
      ),
    ];
  }
  const isLost = oldPrimary === undefined || dying.includes(oldPrimary);
  if (isLost && before[newPrimary] === 'X') {
    // It was the primary before: the servers find that out by themselves.
    return [...deaths, ...returning.map(event('return'))];
  }
  const back = (servers: readonly number[]) =>
    servers.flatMap(
      (server) =>
        [
          {does: 'return', server},
          {does: 'rejoin', server},
        ] as const,
    );
  const first = returning.filter((server) => server === newPrimary);
  const promotion = event(isLost ? 'failover' : 'switchover')(newPrimary);
  return [...deaths, ...back(first), promotion, ...back(returning.filter((server) => server !== newPrimary))];
}
