import test from 'ava';
import fc from 'fast-check';
import {
  AS_EXPECTED,
  answerOf,
  BrokenFrame,
  type FrameEvent,
  FrameReader,
  raw,
  type ShellStep,
} from '../../src/shell/index.js';

const step = (mode?: ShellStep['mode']): ShellStep => ({command: raw('true'), required: false, mode});

/** Reads both streams in chunks of these sizes, in turn. */
function read(
  steps: readonly ShellStep[],
  stdout: string,
  stderr: string,
  size = 1e6,
  lines: string[] = [],
): FrameEvent[] {
  const events: FrameEvent[] = [];
  const reader = new FrameReader(steps, 10, {
    onEvent: (event) => events.push(event),
    onOutput: ({step, stream, text}) => lines.push(`${step} ${stream} ${text}`),
  });
  const [out, err] = [Buffer.from(stdout, 'latin1'), Buffer.from(stderr, 'latin1')];
  for (let at = 0; at < Math.max(out.length, err.length); at += size) {
    reader.readStdout(out.subarray(at, at + size));
    reader.readStderr(err.subarray(at, at + size));
  }
  return events;
}

const replies = (events: readonly FrameEvent[]) =>
  events.flatMap((event) =>
    event.type === 'ended' ? [[event.reply.code, event.reply.stdout, event.reply.stderr]] : [],
  );

const OUT = '10:a\n11:b\n11:\n10. 0\n11. 3\n12+\n12:x\n12:y\n12. 0\n=\n';
const ERR = '11:oops\n11:\n11.\n12.\n=\n';

test('lines become replies, and what the loop put at their end is taken off, however the chunks fall', (t) => {
  const steps = [step('probe'), step('probe'), step()];
  for (const size of [1, 2, 3, 7, 1000]) {
    const events = read(steps, OUT, ERR, size);
    t.deepEqual(replies(events), [
      [0, 'a', ''],
      [3, 'b\n', 'oops\n'],
      [0, 'x\ny', ''],
    ]);
    t.deepEqual(events.map(({type}) => type).toSorted(), ['began', 'ended', 'ended', 'ended', 'finished']);
  }
});

test('an answer as expected is reported as such', (t) => {
  const expect = answerOf({code: 0, stdout: 'x', stderr: '', truncated: false});
  const events = read([{...step(), expect}], '10=\n=\n', '10.\n=\n');
  t.true(events[0]?.type === 'ended' && events[0].reply === AS_EXPECTED);
});

test('lines of a live step are passed on as they come, of others not', (t) => {
  const lines: string[] = [];
  read(
    [step('live'), step()],
    '10+\n10:a\n10:\n10:b\n10:\n10. 0\n11+\n11:c\n11. 0\n=\n',
    '10:e\n10.\n11.\n=\n',
    4,
    lines,
  );
  t.deepEqual(lines.toSorted(), ['0 stderr e', '0 stdout ', '0 stdout a', '0 stdout b']);
});

test('of output beyond the limit the last part is kept, and the reply says so', (t) => {
  const line = `10:${'x'.repeat(99)}\n`;
  const [ended] = read([step('live')], `10+\n${line.repeat(30_000)}10:end\n10. 0\n=\n`, '10.\n=\n', 65_536).slice(1);
  t.true(ended?.type === 'ended' && ended.reply.truncated && ended.reply.stdout.endsWith('x\nend'));
  t.true(ended?.type === 'ended' && ended.reply.stdout.length <= 1024 * 1024);
});

test('of blank lines in a row, and of lines without an end, some are passed on and the rest is not', (t) => {
  const lines: string[] = [];
  read([step('live')], `10+\n${'10:\n'.repeat(300_000)}10:x\n`, '', 65_536, lines);
  t.is(lines.length, 101);
  t.is(lines.at(-1), '0 stdout x');
  read([step('live')], `10+\n${'10:y\n'.repeat(300_000)}`, '', 65_536, lines);
  t.true(lines.length <= 100_101);
  t.is(lines.at(-1), '0 stdout …');
});

test('all answers together have a limit, in memory too', (t) => {
  const steps = Array.from({length: 40}, () => step('probe'));
  const reader = new FrameReader(steps, 0, {onEvent: () => {}});
  const chunk = Buffer.from('x'.repeat(1024 * 1024));
  const answer = (index: number) => {
    reader.readStdout(Buffer.from(`${index}:`));
    for (let piece = 0; piece < 7; piece++) reader.readStdout(chunk);
    reader.readStdout(Buffer.from(`\n${index}. 0\n`));
    reader.readStderr(Buffer.from(`${index}.\n`));
  };
  for (let index = 0; index < 18; index++) answer(index);
  t.throws(() => answer(18), {instanceOf: BrokenFrame, message: /too much/});
});

const BROKEN: readonly (readonly [what: string, stdout: string, stderr: string])[] = [
  ['a step that does not exist', '13:x\n', ''],
  ['a step before the first', '9:x\n', ''],
  ['a step that has ended', '10. 0\n10:x\n', ''],
  ['an end before its turn', '11. 0\n', ''],
  ['an end twice', '10. 0\n10. 0\n', ''],
  ['a change that ends before it began', '10. 0\n11. 0\n12. 0\n', ''],
  ['a change that begins twice', '10. 0\n11. 0\n12+\n12+\n', ''],
  ['a probe that begins', '10+\n', ''],
  ['an answer as expected where nothing was', '10=\n', ''],
  ['an exit code out of range', '10. 256\n', ''],
  ['a word', 'hello\n', ''],
  ['a line without an end', 'x'.repeat(70), ''],
  ['a step that is not a number', '1x:a\n', ''],
  ['a huge number', '99999999999999999999:a\n', ''],
  ['a confirmed record in the middle', '10. 0\n~\n', ''],
  ['anything after the end', '=\n10:x\n', ''],
  ['an end of the script twice', '=\n=\n', ''],
  ['an end of the script within a step', '10. 0\n=\n', '=\n'],
  ['noise on standard error', '', 'Segmentation fault\n'],
  ['ends that go back on standard error', '', '11.\n10.\n'],
];

test('anything out of its order is a broken frame', (t) => {
  const steps = [step('probe'), step('probe'), step()];
  for (const [what, stdout, stderr] of BROKEN) {
    t.throws(() => read(steps, stdout, stderr, 5), {instanceOf: BrokenFrame}, what);
  }
});

test('whatever bytes come, they are frames or a broken frame, and each byte is read once', (t) => {
  const steps = Array.from({length: 5}, () => step('probe'));
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 400}), fc.uint8Array({maxLength: 400}), (out, err) => {
      try {
        read(steps, Buffer.from(out).toString('latin1'), Buffer.from(err).toString('latin1'), 16);
      } catch (error) {
        if (!(error instanceof BrokenFrame)) throw error;
      }
    }),
    {numRuns: 2000},
  );
  const seconds = (length: number) => {
    const since = performance.now();
    read([step('probe')], `10:${'x'.repeat(length)}`, '', 512);
    return performance.now() - since;
  };
  seconds(1e6);
  // Twelve times as long takes about twelve times as long, not a hundred and forty times.
  t.true(seconds(24e6) < 60 * seconds(2e6));
});
