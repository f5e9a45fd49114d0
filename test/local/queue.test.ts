import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {newQueue} from '../../src/local/queue.js';

test('one runs after another, in the order given, and a failure stops none that comes after it', async (t) => {
  const queue = newQueue();
  const seen: string[] = [];
  const work = (name: string, milliseconds: number) => async () => {
    seen.push(`${name} begins`);
    await sleep(milliseconds);
    seen.push(`${name} ends`);
    return name;
  };
  const first = queue(work('first', 20));
  const failing = queue(() => Promise.reject(new Error('no')));
  const last = queue(work('last', 0));
  t.is(await first, 'first');
  await t.throwsAsync(failing, {message: 'no'});
  t.is(await last, 'last');
  t.deepEqual(seen, ['first begins', 'first ends', 'last begins', 'last ends']);
});
