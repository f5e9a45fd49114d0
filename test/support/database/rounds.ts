import type {ExecutionContext} from 'ava';
import {isOverloaded} from './patience.js';
import type {Played} from './play-scenario.js';

/** How often roles change in a test: a number from the environment for the long version. */
export const ROUNDS = Number(process.env.INFRA_TEST_DATABASE_ROUNDS ?? 3);

/** The longest time without an acknowledged write, in milliseconds. Two seconds on a machine that does nothing else. */
const MOST_PAUSE = 5000;

/** Each server becomes the primary in its turn, again and again: `MSS SMS SSM MSS`. */
export function switchovers(rounds: number): string {
  const rows = Array.from({length: rounds + 1}, (_, index) => ['MSS', 'SMS', 'SSM'][index % 3]);
  return rows.join(' ');
}

/** The primary dies, the next one takes over, and the first comes back: `MSS XMS SMS SXM SSM`. */
export function failovers(rounds: number): string {
  const dying = ['XMS', 'SXM', 'MSX'];
  const back = ['SMS', 'SSM', 'MSS'];
  const rows = Array.from({length: rounds}, (_, index) => [dying[index % 3], back[index % 3]]);
  return ['MSS', ...rows.flat()].join(' ');
}

/** What holds for every scenario with semi-synchronous replication. */
export function nothingLost(t: ExecutionContext, {faults, verdict, events}: Played): void {
  const {acknowledged, missing, doubled, refusedButThere, foreign, uncertainAndThere, failed, errors} = verdict;
  t.log({
    acknowledged,
    uncertainAndThere,
    failed,
    errors,
    pauses: events.map(({does, pause}) => `${does} ${pause.toFixed(0)}`),
  });
  t.deepEqual(faults, []);
  t.deepEqual(
    {missing, doubled, refusedButThere, foreign},
    {missing: [], doubled: [], refusedButThere: [], foreign: []},
  );
  t.true(acknowledged > 0);
}

/** What holds for a switchover besides: clients that connect for each row see no error, and wait a moment. */
export function nothingFailed(t: ExecutionContext, {events}: Played): void {
  for (const {does, failed, pause} of events) {
    if (does !== 'switchover') continue;
    t.is(failed.fresh, 0);
    t.true(pause < MOST_PAUSE || isOverloaded(), `${pause} ms without an acknowledgement`);
  }
}
