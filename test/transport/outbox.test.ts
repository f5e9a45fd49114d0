import test from 'ava';
import fc from 'fast-check';
import type {Upload} from '../../src/shell/index.js';
import {Outbox} from '../../src/transport/outbox.js';

const KIB = 1024;

interface Wire {
  readonly outbox: Outbox;
  readonly bytes: () => Buffer;
  /** The largest piece that was written at once. */
  readonly largest: () => number;
}

function wire(): Wire {
  const written: Buffer[] = [];
  const outbox = new Outbox(async (bytes) => {
    written.push(Buffer.from(bytes));
  });
  return {
    outbox,
    bytes: () => Buffer.concat(written),
    largest: () => Math.max(0, ...written.map(({length}) => length)),
  };
}

const uploadOf = (size: number, pieces: readonly Uint8Array[], sha256 = 'name'): Upload => ({
  ...{sha256, size},
  read: () => pieces,
});

/** What the host would take: the sizes of the records of an upload, and its bytes. */
function taken(bytes: Buffer): {sizes: readonly number[]; content: Buffer} {
  const [sizes, content]: [number[], Buffer[]] = [[], []];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const [kind, size = '', name] = bytes.toString('latin1', at, end).split(' ');
    if (kind !== 'DATA' || name !== 'name') throw new Error(`not a record: ${kind}`);
    sizes.push(Number(size));
    content.push(bytes.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size);
  }
  return {sizes, content: Buffer.concat(content)};
}

const never = () => false;

/** Lets everything run that can run now. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a record of another kind is its line and then its bytes, in pieces of at most 32 KiB', async (t) => {
  const {outbox, bytes, largest} = wire();
  const text = Buffer.alloc(100 * KIB, 'x');
  await outbox.send('RUN 102400', text);
  t.true(bytes().equals(Buffer.concat([Buffer.from('RUN 102400\n'), text])));
  t.is(largest(), 32 * KIB);
});

test('an empty file is one empty record, so that the host makes it', async (t) => {
  const {outbox, bytes} = wire();
  await outbox.upload(uploadOf(0, []), never);
  t.is(bytes().toString(), 'DATA 0 name\n');
});

test('a small file is one record, a larger one begins with a record of 16 KiB', async (t) => {
  const small = wire();
  await small.outbox.upload(uploadOf(3, [Buffer.from('a'), Buffer.from('bc')]), never);
  t.is(small.bytes().toString(), 'DATA 3 name\nabc');
  const large = wire();
  await large.outbox.upload(uploadOf(40 * KIB, [Buffer.alloc(40 * KIB)]), never);
  t.deepEqual(taken(large.bytes()).sizes, [16 * KIB, 16 * KIB, 8 * KIB]);
});

test('without a confirmation a window of 256 KiB is sent, and each confirmation makes room', async (t) => {
  const {outbox, bytes} = wire();
  const all = outbox.upload(uploadOf(600 * KIB, [Buffer.alloc(600 * KIB, 'x')]), never);
  await settle();
  t.is(taken(bytes()).content.length, 256 * KIB);
  outbox.confirm();
  await settle();
  t.true(taken(bytes()).content.length > 256 * KIB);
  for (let each = 0; each < 100; each++) {
    outbox.confirm();
    await settle();
  }
  await all;
  t.is(taken(bytes()).content.length, 600 * KIB);
});

test('while the host confirms quickly, records grow up to 1 MiB', async (t) => {
  const {outbox, bytes} = wire();
  const all = outbox.upload(uploadOf(24 * KIB * KIB, [Buffer.alloc(24 * KIB * KIB)]), never);
  for (let each = 0; each < 400; each++) {
    outbox.confirm();
    await settle();
  }
  await all;
  const {sizes} = taken(bytes());
  t.is(sizes[0], 16 * KIB);
  t.is(Math.max(...sizes), KIB * KIB);
});

test('a source that gives more or less than its size is refused', async (t) => {
  const less = wire().outbox.upload(uploadOf(3, [Buffer.from('ab')]), never);
  await t.throwsAsync(less, {instanceOf: RangeError, message: 'the local file has become shorter while it was read'});
  const more = wire().outbox.upload(uploadOf(1, [Buffer.from('ab')]), never);
  await t.throwsAsync(more, {instanceOf: RangeError, message: 'the local file has become longer while it was read'});
});

test('once the run is stopped no other record is begun, and the record that was begun is whole', async (t) => {
  const {outbox, bytes} = wire();
  let asked = 0;
  await outbox.upload(uploadOf(64 * KIB, [Buffer.alloc(64 * KIB)]), () => asked++ >= 2);
  t.deepEqual(taken(bytes()).sizes, [16 * KIB, 16 * KIB]);
  t.is(taken(bytes()).content.length, 32 * KIB);
});

test('a write that waits for the host ends when the connection is closed', async (t) => {
  const {outbox, bytes} = wire();
  const all = outbox.upload(uploadOf(600 * KIB, [Buffer.alloc(600 * KIB)]), never);
  await settle();
  outbox.close();
  await t.notThrowsAsync(all);
  t.true(bytes().length < 600 * KIB);
});

test('whatever the pieces of a source, its bytes arrive as they are', async (t) => {
  const pieces = fc.array(fc.uint8Array({maxLength: 300}), {maxLength: 10});
  await fc.assert(
    fc.asyncProperty(pieces, async (all) => {
      const {outbox, bytes} = wire();
      const whole = Buffer.concat(all);
      await outbox.upload(uploadOf(whole.length, all), never);
      t.true(taken(bytes()).content.equals(whole));
    }),
  );
});
