import {spawnSync} from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import {type FrameEvent, FrameReader, raw, renderScript, type Step, sh} from '../../src/shell/index.js';

const NONCE = '0123456789abcdef';

/** What a local shell prints for a script, as the remote loop would: then the mark that the script is done. */
function run(steps: readonly Step[]): {stdout: Buffer; stderr: Buffer} {
  const done = `printf '\\n%s D 0 0\\n' "$nonce"; printf '\\n%s D 0 0\\n' "$nonce" >&2`;
  const input = `nonce=${NONCE}\n(\n${renderScript(steps)}\n)\n${done}\n`;
  return spawnSync('sh', [], {input});
}

/** Reads both streams in chunks of the given sizes, in turn. */
function read({stdout, stderr}: {stdout: Buffer; stderr: Buffer}, sizes: readonly number[], limit = 1e6): FrameEvent[] {
  const events: FrameEvent[] = [];
  const reader = new FrameReader(NONCE, limit, (event) => events.push(event));
  const [out, err] = [chunks(stdout, sizes), chunks(stderr, sizes.toReversed())];
  for (let turn = 0; turn < Math.max(out.length, err.length); turn++) {
    reader.readStdout(out[turn] ?? Buffer.alloc(0));
    reader.readStderr(err[turn] ?? Buffer.alloc(0));
  }
  return events;
}

function chunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += cut.at(-1)?.length ?? 1) {
    cut.push(bytes.subarray(at, at + (sizes[cut.length % sizes.length] ?? 1)));
  }
  return cut;
}

const replies = (events: readonly FrameEvent[]) =>
  events.flatMap((event) => (event.type === 'ended' ? [event.reply] : []));

test('each command gets its own reply, and a failure stops only what needs it', (t) => {
  const steps = [
    {command: raw('echo one; echo err >&2'), required: false},
    {command: raw('exit 7'), required: false},
    {command: raw('printf "no line break"'), required: true},
    {command: raw('false'), required: true},
    {command: raw('echo never'), required: true},
  ];
  const events = read(run(steps), [1e6]);
  t.deepEqual(
    replies(events).map(({code, stdout, stderr}) => [code, stdout, stderr]),
    [
      [0, 'one\n', 'err\n'],
      [7, '', ''],
      [0, 'no line break', ''],
      [1, '', ''],
    ],
  );
  t.is(events.at(-1)?.type, 'finished');
});

test('however the chunks fall, the replies are the same', (t) => {
  const text = fc.string({unit: 'binary', maxLength: 30}).filter((each) => !/[\0\p{Surrogate}]/u.test(each));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text, fc.nat(255)), {minLength: 1, maxLength: 8}),
      fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 10}),
      (wished, sizes) => {
        const steps = wished.map(([out, err, code]) => ({
          command: sh`printf %s ${out}; printf %s ${err} >&2; exit ${code}`,
          required: false,
        }));
        const found = replies(read(run(steps), sizes)).map(({stdout, stderr, code}) => [stdout, stderr, code]);
        t.deepEqual(found, wished);
      },
    ),
    {numRuns: 60},
  );
});

test('output that looks like a mark without the nonce stays output', (t) => {
  const [reply] = replies(read(run([{command: raw(`printf '\\nabc E 0 0\\n'`), required: false}]), [3]));
  t.is(reply?.stdout, '\nabc E 0 0\n');
});

test('of output beyond the limit the last part is kept, and the reply says so', (t) => {
  const [reply] = replies(read(run([{command: raw('seq 10000'), required: false}]), [500], 2000));
  t.true(reply?.truncated);
  t.true(reply?.stdout.endsWith('9999\n10000\n'));
  t.true((reply?.stdout.length ?? 0) <= 2500);
});
