import test from 'ava';
import fc from 'fast-check';
import {failureOf} from '../../src/engine/host-boundary.js';
import {parseState} from '../../src/engine/lock/pending-handlers.js';
import {parseFacts} from '../../src/facts/index.js';
import type {Reply} from '../../src/shell/index.js';
import {parseClock, parseListening, parseSpace} from '../../src/survey/survey.js';
import {samples} from '../tasks/sample-cases.js';

/*
 * A host may send anything, and while its answer is parsed no other host is served: the time grows with the length of the
 * answer and not with its square. Measured as a ratio, as machines differ. What is repeated is a part of an answer as
 * hosts give it, so that it gets past the beginning of the parser.
 */

interface Reader {
  readonly name: string;
  readonly text: string;
  readonly read: (reply: Reply) => unknown;
}

const LISTENERS = `socket 00000000:0050 700
holder socket:[700] 0::/system.slice/system-web.slice/web@a.service nginx
`;

const READERS: readonly Reader[] = [
  ...samples().map(({name, stdout, question}) => ({name, text: stdout, read: (reply: Reply) => question.judge(reply)})),
  {name: 'facts', text: 'ID=debian\ncpus=0-3,8\ninterfaces=eth0/192.0.2.1/24\n', read: parseFacts},
  {name: 'listeners', text: LISTENERS, read: ({stdout}) => parseListening(stdout)},
  {name: 'space', text: 'Avail\n 123456789\n', read: parseSpace},
  {name: 'clock', text: '1790000000.123456789\n', read: parseClock},
  {name: 'state', text: 'reload%20nginx systemctl reload nginx\n. machine 1 2 run-1\n', read: parseState},
];

/** Characters of the shorter and the longer answer. */
const [SHORT, LONG] = [16_000, 128_000];

/** Milliseconds below which nothing is measured. */
const NOTICED = 150;

function attack({text}: Reader, from: number, length: number, size: number, end: string): string {
  const at = Math.floor(from * text.length);
  const pump = text.slice(at, at + length) || ' ';
  return text.slice(0, at) + pump.repeat(Math.ceil(size / pump.length)) + end;
}

/** The fastest of three, in milliseconds. */
function timeOf({read}: Reader, stdout: string): number {
  const times = [1, 2, 3].map(() => {
    const since = performance.now();
    try {
      read({code: 0, stdout, stderr: '', truncated: false});
    } catch (error) {
      failureOf(error);
    }
    return performance.now() - since;
  });
  return Math.min(...times);
}

test('the time to read an answer grows with its length, not with the square of it', (t) => {
  const inputs = fc.record({
    reader: fc.constantFrom(...READERS),
    from: fc.double({min: 0, max: 1, noNaN: true}),
    length: fc.integer({min: 1, max: 40}),
    end: fc.constantFrom('', '\n', '!', '`', "'", ' x\n'),
  });
  const property = fc.property(inputs, ({reader, from, length, end}) => {
    const [short, long] = [SHORT, LONG].map((size) => attack(reader, from, length, size, end)) as [string, string];
    // Linear would be 8 times, square 64. A busy machine is given several chances.
    return [1, 2, 3, 4].some(() => {
      const slow = timeOf(reader, long);
      return slow < NOTICED || slow < timeOf(reader, short) * 24;
    });
  });
  t.notThrows(() => fc.assert(property, {numRuns: 1000}));
});
