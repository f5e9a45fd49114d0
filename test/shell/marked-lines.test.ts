import test from 'ava';
import fc from 'fast-check';
import {BrokenFrame, MarkedLines} from '../../src/shell/marked-lines.js';

/** What is found in a stream that comes in chunks of a size, the pieces of a line joined. */
function found(bytes: Buffer, size: number): string[] {
  const events: string[] = [];
  let line: Buffer[] = [];
  const lines = new MarkedLines({
    text: (_, piece) => line.push(piece),
    lineEnd: (step) => {
      events.push(`${step} ${Buffer.concat(line).toString('latin1')}`);
      line = [];
    },
    mark: (mark) => events.push(`mark ${mark}`),
  });
  for (let at = 0; at < bytes.length; at += size) lines.push(bytes.subarray(at, at + size));
  return events;
}

test('lines of steps and marks are told apart, whatever they hold and however the chunks fall', (t) => {
  const text = fc.string({unit: fc.constantFrom(':', '5', '\xff', ' ', '.', '\r')});
  const mark = fc.string({unit: fc.constantFrom('.', '+', '7', ' ', 'a'), maxLength: 64});
  const line = fc.oneof(fc.tuple(fc.nat(999_999_999), text), mark);
  fc.assert(
    fc.property(fc.array(line), fc.integer({min: 1, max: 30}), (lines, size) => {
      const bytes = lines.map((each) => (typeof each === 'string' ? `${each}\n` : `${each[0]}:${each[1]}\n`)).join('');
      const expected = lines.map((each) => (typeof each === 'string' ? `mark ${each}` : `${each[0]} ${each[1]}`));
      t.deepEqual(found(Buffer.from(bytes, 'latin1'), size), expected);
    }),
  );
});

test('a step that prints an empty line has ended one', (t) => t.deepEqual(found(Buffer.from('3:\n'), 9), ['3 ']));

for (const [what, bytes] of [
  ['no number before the colon', 'a:b\n'],
  ['a number that is too long', '1234567890:x\n'],
  ['a negative number', '-1:x\n'],
  ['nothing before the colon', ':x\n'],
  ['a mark that is too long', `${'m'.repeat(65)}\n`],
] as const)
  test(`a line that is neither breaks the stream: ${what}`, (t) => {
    const error = t.throws(() => found(Buffer.from(bytes), 3), {instanceOf: BrokenFrame});
    t.is(error?.message, `a line begins with ${JSON.stringify(bytes.split(/[:\n]/)[0]?.slice(0, 64))}`);
  });
