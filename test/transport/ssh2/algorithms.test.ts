import {once} from 'node:events';
import {createRequire} from 'node:module';
import test, {type ExecutionContext} from 'ava';
import ssh2, {type Algorithms, type NegotiatedAlgorithms} from 'ssh2';
import {ALGORITHMS} from '../../../src/transport/ssh2/algorithms.js';
import {keyPair} from '../../support/key-pair.js';

// ssh2 exports no list of what it knows.
const known = createRequire(import.meta.url)('ssh2/lib/protocol/constants.js') as Record<string, readonly string[]>;

const LISTS = [
  ['kex', 'SUPPORTED_KEX'],
  ['cipher', 'SUPPORTED_CIPHER'],
  ['hmac', 'SUPPORTED_MAC'],
] as const;

const WEAK = /sha1|md5|cbc|arcfour|3des|blowfish|cast128|dss|group1-|-96$/;

test('every algorithm is one that ssh2 has, named once, and none is weak', (t) => {
  for (const [list, supported] of LISTS) {
    const names: readonly string[] = ALGORITHMS[list];
    t.deepEqual(
      names.filter((name) => !known[supported]?.includes(name)),
      [],
      list,
    );
    t.deepEqual(
      names.filter((name) => WEAK.test(name)),
      [],
      list,
    );
    t.is(new Set(names).size, names.length, list);
  }
});

test('ssh2 still has no better algorithms', (t) => {
  const better = LISTS.flatMap(([, supported]) => known[supported] ?? []).filter((name) => /mlkem|sntrup/.test(name));
  t.deepEqual(better, [], 'put it first, and take the sentence out of docs/security.md');
});

/** What a client with our lists agrees on with a server that has these, or why it does not. */
async function agree(t: ExecutionContext, algorithms: Algorithms): Promise<NegotiatedAlgorithms | string> {
  const {private: key} = keyPair();
  const server = new ssh2.Server({hostKeys: [key], algorithms}, (peer) => void peer.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new ssh2.Client();
  t.teardown(() => {
    client.destroy();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return new Promise((resolve) => {
    client.on('handshake', resolve).on('error', ({message}) => resolve(message));
    client.connect({host: '127.0.0.1', port, username: 'infra', algorithms: {...ALGORITHMS}});
  });
}

test('the strongest algorithm of a server is used', async (t) => {
  t.like(await agree(t, {}), {kex: 'curve25519-sha256', cs: {cipher: 'aes256-gcm@openssh.com'}});
  const old = {kex: ['diffie-hellman-group14-sha256'], cipher: ['aes128-ctr'], hmac: ['hmac-sha2-256']} as const;
  const agreed = await agree(t, {kex: [...old.kex], cipher: [...old.cipher], hmac: [...old.hmac]});
  t.like(agreed, {kex: old.kex[0], cs: {cipher: old.cipher[0], mac: old.hmac[0]}});
});

test('a server with only broken algorithms is refused', async (t) => {
  t.regex(String(await agree(t, {kex: ['diffie-hellman-group14-sha1']})), /no matching key exchange/);
  t.regex(String(await agree(t, {cipher: ['aes256-cbc']})), /no matching .*cipher/);
  t.regex(String(await agree(t, {cipher: ['aes256-ctr'], hmac: ['hmac-sha1']})), /no matching .*MAC/);
});
