import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {HostError} from '../../src/model/index.js';
import {openBackgroundSurvey, type ServerAccess} from '../../src/wizard/background-survey.js';

const SERVER = {address: '192.0.2.1', port: 22};

/** Access on which nothing happens until it is stopped. */
const SLOW: ServerAccess = {
  scan: (_endpoint, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  standing: async () => 'unknown',
  trust: async () => {},
  survey: () => Promise.reject(new Error('nobody has logged in')),
};

// An unhandled error would end the test run, as it would end the wizard.
test('a background survey that is stopped ends without an error', async (t) => {
  const background = openBackgroundSurvey(SLOW);
  background.start(SERVER);
  t.is(background.state(SERVER)?.phase, 'scanning');
  background.stop();
  await turn();
  await t.notThrowsAsync(background.settled([SERVER]));
});

const KEY = {type: 'ssh-ed25519', fingerprint: 'SHA256:abc', key: 'AAAA'};

/** Access to a server that shows `KEY`, with this standing. */
function access(standing: 'known' | 'unknown' | 'changed' | 'revoked', surveyed: string[] = []): ServerAccess {
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

test('no login happens before the key of a server is known or confirmed', async (t) => {
  const seen: string[] = [];
  const background = openBackgroundSurvey(access('unknown', seen));
  background.login({user: 'deploy', identityFile: undefined});
  background.start(SERVER);
  await background.settled([SERVER]);
  t.deepEqual([background.state(SERVER)?.phase, seen], ['unconfirmed', []]);
  await background.confirm(SERVER, [KEY]);
  await background.settled([SERVER]);
  t.deepEqual([background.state(SERVER)?.phase, seen], ['failed', ['trusts SHA256:abc', 'logs in as deploy']]);
});

test('a key that is known, or whose fingerprint was given, needs no confirmation; a changed one is refused', async (t) => {
  for (const background of [
    openBackgroundSurvey(access('known')),
    openBackgroundSurvey(access('unknown'), ['SHA256:abc']),
  ]) {
    background.start(SERVER);
    await background.settled([SERVER]);
    t.is(background.state(SERVER)?.phase, 'confirmed');
  }
  for (const standing of ['changed', 'revoked'] as const) {
    const background = openBackgroundSurvey(access(standing));
    background.start(SERVER);
    await background.settled([SERVER]);
    const state = background.state(SERVER);
    t.is(state?.phase === 'failed' && state.failure.reason, 'host-key-changed');
  }
});
