import {once} from 'node:events';
import {createServer, type Server} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import ssh2 from 'ssh2';
import {HostError} from '../../../src/model/index.js';
import {scanHostKeys} from '../../../src/transport/ssh2/index.js';
import {keyPair} from '../../support/key-pair.js';

/** Listens on a free port of 127.0.0.1 for as long as the test runs. */
async function listen(t: ExecutionContext, server: Server | ssh2.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** Takes connections and says nothing, or this. */
function talker(text?: string): Server {
  return createServer((socket) => {
    socket.on('error', () => {}).resume();
    if (text !== undefined) socket.end(text);
  });
}

/** Resolves when the clients of a server have closed all connections. */
async function left(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

const refusal = async (t: ExecutionContext, scan: Promise<unknown>) => {
  const error = await t.throwsAsync(scan, {instanceOf: HostError});
  return error?.failure;
};

test('each of a server’s host keys is shown, and nobody tries to log in', async (t) => {
  const pairs = [ssh2.utils.generateKeyPairSync('ecdsa', {bits: 256}), keyPair()];
  let logins = 0;
  const server = new ssh2.Server({hostKeys: pairs.map((pair) => pair.private)}, (client) => {
    client.on('authentication', () => logins++).on('error', () => {});
  });
  const keys = await scanHostKeys('127.0.0.1', await listen(t, server));
  t.deepEqual(
    keys.map(({type, key}) => `${type} ${key}`),
    pairs.map((pair) => pair.public.split(' ').slice(0, 2).join(' ')).reverse(),
  );
  t.true(keys.every(({fingerprint}) => /^SHA256:[\w+/]{43}$/.test(fingerprint)));
  t.is(logins, 0);
});

test('a server that accepts the connection and sends nothing is given up, and the connection closed', async (t) => {
  const server = talker();
  const port = await listen(t, server);
  const failure = await refusal(t, scanHostKeys('127.0.0.1', port, {seconds: 0.5}));
  t.like(failure, {reason: 'timed-out', message: `127.0.0.1 port ${port} does not answer`});
  await left(server);
});

test('a signal ends the scan with its reason', async (t) => {
  const server = talker();
  const port = await listen(t, server);
  const control = new AbortController();
  server.once('connection', () => control.abort(new Error('enough')));
  await t.throwsAsync(scanHostKeys('127.0.0.1', port, {signal: control.signal}), {message: 'enough'});
  await t.throwsAsync(scanHostKeys('127.0.0.1', port, {signal: control.signal}), {message: 'enough'});
  await left(server);
});

test('a server without SSH, and no server at all, are reported', async (t) => {
  const port = await listen(t, talker('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const failure = await refusal(t, scanHostKeys('127.0.0.1', port));
  t.like(failure, {reason: 'unreachable', message: `127.0.0.1 port ${port} ends the connection before SSH begins`});
  const none = await refusal(t, scanHostKeys('127.0.0.1', 1));
  t.like(none, {reason: 'unreachable', message: '127.0.0.1 port 1 refuses connections'});
});
