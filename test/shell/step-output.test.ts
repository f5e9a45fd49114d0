import test from 'ava';
import fc from 'fast-check';
import {ByteTail, StepOutput} from '../../src/shell/step-output.js';

const pieces = fc.array(fc.uint8Array({maxLength: 12}), {maxLength: 12});

test('of what is added, the last bytes are kept, however the pieces fall', (t) => {
  fc.assert(
    fc.property(pieces, fc.integer({min: 0, max: 20}), (parts, limit) => {
      const tail = new ByteTail(limit);
      for (const part of parts) tail.push(part);
      const whole = Buffer.concat(parts);
      t.deepEqual(tail.bytes(), whole.subarray(Math.max(0, whole.length - limit)));
      t.is(tail.truncated, whole.length > limit);
    }),
  );
});

test('what is kept can be read at any time, and more added after that', (t) => {
  const tail = new ByteTail(4);
  for (const [piece, kept] of [
    ['ab', 'ab'],
    ['cde', 'bcde'],
    ['', 'bcde'],
    ['fghijk', 'hijk'],
  ] as const) {
    tail.push(Buffer.from(piece));
    t.is(String(tail.bytes()), kept);
  }
});

test('a piece that is changed later does not change what is kept', (t) => {
  const tail = new ByteTail(10);
  const piece = Buffer.from('secret');
  tail.push(piece);
  piece.fill(0);
  t.is(String(tail.bytes()), 'secret');
});

/** What comes of a text whose lines end as the loop ends them, and the lines that were passed on. */
function output(text: string, limit = 1e6) {
  const lines: string[] = [];
  const out = new StepOutput(limit, (line) => lines.push(line));
  const parts = text.split('\n');
  for (const [index, part] of parts.entries()) {
    if (part !== '') out.push(Buffer.from(part));
    if (index < parts.length - 1) out.endLine();
  }
  return {out, lines};
}

test('the line break that the loop adds is taken off, and no other', (t) => {
  for (const text of ['', 'a', 'a\n', '\n', '\n\na\n\n']) t.is(String(output(`${text}\n`).out.bytes()), text);
});

test('lines are passed on when they are whole', (t) => {
  const {lines, out} = output('one\ntw');
  t.deepEqual(lines, ['one']);
  out.push(Buffer.from('o'));
  t.deepEqual(lines, ['one']);
  out.endLine();
  t.deepEqual(lines, ['one', 'two']);
});

test('a character that is cut between two chunks is whole in its line', (t) => {
  const lines: string[] = [];
  const out = new StepOutput(100, (line) => lines.push(line));
  for (const byte of Buffer.from('ß😀')) out.push(Buffer.of(byte));
  out.endLine();
  t.deepEqual(lines, ['ß😀']);
});

test('blank lines are passed on once something follows them', (t) => {
  t.deepEqual(output('a\n\n\nb\n').lines, ['a', '', '', 'b']);
  t.deepEqual(output('a\n\n\n\n').lines, ['a']);
  t.is(output(`${'\n'.repeat(500)}b\n`).lines.length, 101, '100 blank ones at most');
});

test('of a line that is too long, no part of the word that is cut is passed on', (t) => {
  const {lines, out} = output(`${'a '.repeat(8190)}password-${'x'.repeat(40_000)}\nnext\n`);
  t.is(lines[0], `${'a '.repeat(8190)}…`);
  t.is(lines[1], 'next');
  t.is(out.bytes().length, 2 * 8190 + 9 + 40_000 + 1 + 4, 'the reply has all of it');
});

test('a line just below the limit is whole', (t) => {
  t.deepEqual(output(`${'x'.repeat(16_383)}\n${'y'.repeat(16_384)}\n`).lines, ['x'.repeat(16_383), '…']);
});

test('without an end of lines there is an end of passing them on', (t) => {
  const {lines} = output('x\n'.repeat(100_005));
  t.is(lines.length, 100_000);
  t.deepEqual(lines.slice(-2), ['x', '…']);
});

test('without a listener, only the bytes are kept', (t) => {
  const out = new StepOutput(3);
  out.push(Buffer.from('abcdef'));
  out.endLine();
  t.is(String(out.bytes()), 'ef');
  t.true(out.truncated);
});
