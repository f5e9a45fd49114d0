import test from 'ava';
import fc from 'fast-check';
import {BrokenFrame} from '../../src/shell/index.js';
import {Handshake} from '../../src/transport/handshake.js';

const NONCE = 'c0ffee-nonce';
const READY = `\n${NONCE} ready /run/infra/1.2 /var/lib/infra/uploads/1.2\n`;

const hear = (handshake: Handshake, stream: 'stdout' | 'stderr', text: string) =>
  handshake.hear(stream, Buffer.from(text)).toString();

test('a shell is ready when its greeting has come on both streams, in either order', async (t) => {
  for (const [first, second] of [
    ['stdout', 'stderr'],
    ['stderr', 'stdout'],
  ] as const) {
    const handshake = new Handshake(NONCE);
    hear(handshake, first, READY);
    t.is(handshake.places, undefined);
    hear(handshake, second, READY);
    const places = {directory: '/run/infra/1.2', uploads: '/var/lib/infra/uploads/1.2'};
    t.deepEqual(handshake.places, places);
    t.deepEqual(await handshake.ready, places);
  }
});

test('what comes behind the greeting is given back, what came before it is kept as said', (t) => {
  const handshake = new Handshake(NONCE);
  t.is(hear(handshake, 'stdout', `Welcome!\n${READY}~\n`), '~\n');
  t.is(hear(handshake, 'stdout', '=\n'), '=\n');
  const other = new Handshake(NONCE);
  t.is(hear(other, 'stdout', 'Last login: today\n'), '');
  t.is(hear(other, 'stderr', 'sudo: a password is required\n'), '');
  t.regex(other.said(), /^sudo: a password is required\nLast login: today/);
});

test('the greeting of another nonce is not a greeting', (t) => {
  const handshake = new Handshake(NONCE);
  hear(handshake, 'stdout', READY.replace(NONCE, 'another'));
  hear(handshake, 'stderr', READY);
  t.is(handshake.places, undefined);
});

test('a greeting may come in any pieces', (t) => {
  const cuts = fc.array(fc.nat(READY.length), {maxLength: 6}).map((all) => [...all].sort((a, b) => a - b));
  fc.assert(
    fc.property(cuts, (at) => {
      const handshake = new Handshake(NONCE);
      const text = `motd\n${READY}rest`;
      const rest = [0, ...at].map((from, index) =>
        hear(handshake, 'stdout', text.slice(from, at[index] ?? text.length)),
      );
      hear(handshake, 'stderr', READY);
      t.is(rest.join(''), 'rest');
      t.is(handshake.places?.directory, '/run/infra/1.2');
    }),
  );
});

for (const places of ['', '/run/infra/1.2', 'run/a run/b', '/run/$(id) /run/b', "/run/'a /b"]) {
  test(`a greeting that names ${places === '' ? 'nothing' : `"${places}"`} breaks the connection`, (t) => {
    const handshake = new Handshake(NONCE);
    const greeting = `\n${NONCE} ready ${places}\n`;
    hear(handshake, 'stderr', READY);
    t.throws(() => hear(handshake, 'stdout', greeting), {instanceOf: BrokenFrame});
    t.is(handshake.places, undefined);
  });
}

test('a failure reaches who waits, and is not an unhandled rejection where nobody does', async (t) => {
  const handshake = new Handshake(NONCE);
  handshake.fail(new Error('gone'));
  await t.throwsAsync(handshake.ready, {message: 'gone'});
  new Handshake(NONCE).fail(new Error('nobody waits'));
});

test('after a success a failure changes nothing', async (t) => {
  const handshake = new Handshake(NONCE);
  hear(handshake, 'stdout', READY);
  hear(handshake, 'stderr', READY);
  handshake.fail(new Error('late'));
  await t.notThrowsAsync(handshake.ready);
});
