import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {HostError} from '../../src/model/index.js';
import {type Eyes, openWatch} from '../../src/wizard/background-survey.js';

const SERVER = {address: '192.0.2.1', port: 22};

/** Eyes that see nothing until they are closed. */
const SLOW: Eyes = {
  scan: (_endpoint, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  standing: async () => 'unknown',
  trust: async () => {},
  survey: () => Promise.reject(new Error('nobody has logged in')),
};

// An error that nobody takes would end the test run, as it would end the wizard.
test('a watch that is stopped ends its looks without an error', async (t) => {
  const watch = openWatch(SLOW);
  watch.look(SERVER);
  t.is(watch.sight(SERVER)?.phase, 'scanning');
  watch.stop();
  await turn();
  await t.notThrowsAsync(watch.settled([SERVER]));
});

const KEY = {type: 'ssh-ed25519', fingerprint: 'SHA256:abc', key: 'AAAA'};

/** Eyes to which the server shows `KEY`, of which this is known. */
function eyes(standing: 'known' | 'unknown' | 'changed' | 'revoked', surveyed: string[] = []): Eyes {
  return {
    scan: async () => [KEY],
    standing: async () => standing,
    trust: async (_endpoint, keys) => void surveyed.push(...keys.map(({fingerprint}) => `trusts ${fingerprint}`)),
    survey: async (_endpoint, {user}) => {
      surveyed.push(`logs in as ${user}`);
      throw new HostError({reason: 'authentication-failed', message: 'denied'});
    },
  };
}

test('nobody logs in to a server before its key is known or confirmed', async (t) => {
  const seen: string[] = [];
  const watch = openWatch(eyes('unknown', seen));
  watch.login({user: 'deploy', identityFile: undefined});
  watch.look(SERVER);
  await watch.settled([SERVER]);
  t.deepEqual([watch.sight(SERVER)?.phase, seen], ['unconfirmed', []]);
  await watch.confirm(SERVER, [KEY]);
  await watch.settled([SERVER]);
  t.deepEqual([watch.sight(SERVER)?.phase, seen], ['failed', ['trusts SHA256:abc', 'logs in as deploy']]);
});

test('a key that is known, or whose fingerprint was given, needs no confirmation; a changed one is refused', async (t) => {
  for (const watch of [openWatch(eyes('known')), openWatch(eyes('unknown'), ['SHA256:abc'])]) {
    watch.look(SERVER);
    await watch.settled([SERVER]);
    t.is(watch.sight(SERVER)?.phase, 'confirmed');
  }
  for (const standing of ['changed', 'revoked'] as const) {
    const watch = openWatch(eyes(standing));
    watch.look(SERVER);
    await watch.settled([SERVER]);
    const sight = watch.sight(SERVER);
    t.is(sight?.phase === 'failed' && sight.failure.reason, 'host-key-changed');
  }
});
