import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';

const SIGNALS = new URL('../../src/local/signals.js', import.meta.url).href;

/** Runs a module in a process of its own. Gives what it printed, its exit code and the signal that ended it. */
async function run(text: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return {stdout, code, signal};
}

/** Sends the signal to itself, and waits until Node has told of it, or the process has ended. */
const SEND = `const send = async (signal) => {
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 200));
};`;

test('a signal is given to who listens and ends nothing, until they no longer listen', async (t) => {
  const ended = await run(`import {onSignals} from '${SIGNALS}'; ${SEND}
    const release = onSignals(['SIGTERM', 'SIGHUP'], (signal) => console.log(signal));
    await send('SIGTERM');
    await send('SIGHUP');
    release();
    console.log('released');
    await send('SIGTERM');
    console.log('not reached');`);
  t.deepEqual(ended, {stdout: 'SIGTERM\nSIGHUP\nreleased\n', code: null, signal: 'SIGTERM'});
});

test('work that must not be cut is done to its end, and then the process ends by the first signal that came', async (t) => {
  const ended = await run(`import {holdSignals} from '${SIGNALS}'; ${SEND}
    const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await holdSignals(() => {
      process.kill(process.pid, 'SIGHUP');
      sleep();
      console.log('done');
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    console.log('not reached');`);
  t.deepEqual(ended, {stdout: 'done\n', code: null, signal: 'SIGHUP'});
});

test('where something else listens to the signal, it decides what becomes of the process', async (t) => {
  const ended = await run(`import {holdSignals} from '${SIGNALS}';
    process.on('SIGINT', () => console.log('heard'));
    await holdSignals(() => process.kill(process.pid, 'SIGINT'));
    console.log('goes on');`);
  t.deepEqual(ended, {stdout: 'heard\ngoes on\n', code: 0, signal: null});
});

test('a prompt that took Ctrl-C for itself gives it on', async (t) => {
  const ended = await run(`import {interrupt} from '${SIGNALS}'; interrupt(); setTimeout(() => {}, 1000);`);
  t.deepEqual(ended, {stdout: '', code: null, signal: 'SIGINT'});
});

test('the first signal stops, the second is reported, the third ends the process', async (t) => {
  const ended = await run(`import {catchSignals, Stopped} from '${SIGNALS}'; ${SEND}
    const stopper = catchSignals();
    stopper.onSignal = (count) => console.log(count, stopper.signal.aborted);
    const racing = stopper.race(new Promise(() => {})).catch((error) => console.log(error instanceof Stopped));
    await send('SIGINT');
    await racing;
    await send('SIGTERM');
    await send('SIGINT');
    console.log('not reached');`);
  t.deepEqual(ended, {stdout: '1 true\ntrue\n2 true\n', code: null, signal: 'SIGINT'});
});
