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

/**
 * Deaths first, then those that come back, then a new primary, then the others follow it. `last`: the server that was the
 * primary last. It takes writes again by itself where no other one was made the primary.
 */
export function eventsBetween(before: Row, after: Row, last = before.indexOf('M')): readonly ScenarioEvent[] {
  const changed = (letter: Letter, from: Row, to: Row) =>
    to.flatMap((each, index) => (each === letter && from[index] !== letter ? [index] : []));
  const does = (name: ScenarioEvent['does']) => (server: number) => ({does: name, server});
  const dying = changed('X', before, after);
  const returning = changed('X', after, before);
  const first = [...dying.map(does('die')), ...returning.map(does('return'))];
  const primary = after.indexOf('M');
  const rejoined = (servers: readonly number[]) =>
    servers.filter((server) => returning.includes(server)).map(does('rejoin'));
  if (primary === -1) return first;
  const others = after.flatMap((letter, index) => (letter === 'S' ? [index] : []));
  if (primary === last) return [...first, ...rejoined(others)];
  const isThere = before.includes('M') && after[last] !== 'X';
  const promoted = does(isThere ? 'switchover' : 'failover')(primary);
  return [...first, ...(isThere ? rejoined([primary]) : []), promoted, ...rejoined(others)];
}
