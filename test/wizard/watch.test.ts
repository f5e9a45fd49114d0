import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {type Eyes, openWatch} from '../../src/wizard/watch.js';

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
