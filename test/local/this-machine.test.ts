import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {homedir} from 'node:os';
import test from 'ava';
import {cacheDirectory, hasEnded, machineKey, operator, processId} from '../../src/local/this-machine.js';

test('a process that runs has not ended, and one that ended has', async (t) => {
  t.false(hasEnded(processId));
  const child = spawn('true');
  await once(child, 'close');
  t.true(hasEnded(child.pid ?? 0));
});

test('nothing is said of what is not the number of a process, nor of the first one', (t) => {
  for (const id of [0, 1, -1, Number.NaN, 1.5]) t.false(hasEnded(id), `${id}`);
});

test('the machine is reported by its boot and by the space of its process numbers', (t) => {
  t.regex(machineKey(), /^[0-9a-f-]{36}\/pid:\[\d+\]$/);
  t.is(machineKey(), machineKey());
  t.regex(operator(), /^[^@]+@[^@]+$/);
});

test('what can be made again is kept where the environment says, else in the home directory', (t) => {
  t.is(cacheDirectory({XDG_CACHE_HOME: '/big/cache'}), '/big/cache/infra');
  t.is(cacheDirectory({XDG_CACHE_HOME: ''}), `${homedir()}/.cache/infra`);
});
