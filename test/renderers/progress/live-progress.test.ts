import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {Writable} from 'node:stream';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {createProgress, liveProgress} from '../../../src/renderers/index.js';

/** A terminal that remembers what was written to it. */
function fakeTerminal() {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  // The display uses only what a Writable has, and the size of the terminal.
  const terminal = Object.assign(stream, {columns: 80, rows: 24, isTTY: true}) as unknown as NodeJS.WriteStream;
  return {terminal, text: () => written.join('')};
}

/** Waits until it is written, for at most ten seconds: a library is loaded before the first drawing. */
async function written(text: () => string, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 500 && !pattern.test(text()); tries += 1) await setTimeout(20);
}

const AROUND = {other: process.stderr, env: {TERM: 'xterm'}};

test.serial(
  'rows are shown on the alternate screen while hosts are running, and the main one is left as it was',
  async (t) => {
    const {terminal, text} = fakeTerminal();
    const {listener, stop} = liveProgress(terminal, {hosts: ['web1', 'web2'], ...AROUND});
    listener({type: 'host-connecting', host: 'web1'});
    await written(text, /connecting/);
    t.regex(text(), /\u001b\[\?1049h.*\u001b\[H\u001b\[2K. web1 {2}connecting +\d*s?\n\u001b\[2K· web2 {2}waiting\n/s);
    terminal.write('held back\n');
    t.false(text().includes('held back'));
    listener({type: 'host-finished', host: 'web1', changed: 0});
    await stop();
    t.regex(text(), /\u001b\[\?1049lheld back\n\n?\u001b\[\?25h$/);
  },
);

test.serial('a run that ends soon does not make the screen flash', async (t) => {
  const {terminal, text} = fakeTerminal();
  const {listener, stop} = liveProgress(terminal, {hosts: ['web1'], ...AROUND});
  listener({type: 'host-connecting', host: 'web1'});
  listener({type: 'host-finished', host: 'web1', changed: 0});
  await stop();
  t.false(text().includes('web1'), text());
});

test.serial('a terminal with one screen has the rows below what was printed, and they are cleared', async (t) => {
  const {terminal, text} = fakeTerminal();
  const {listener, stop} = liveProgress(terminal, {hosts: ['web1', 'web2'], ...AROUND, env: {TERM: 'linux'}});
  listener({type: 'host-connecting', host: 'web1'});
  await written(text, /connecting/);
  listener({type: 'host-finished', host: 'web1', changed: 0});
  await stop();
  t.false(text().includes('\u001b[?1049h'));
  t.regex(text(), /waiting\n.*\u001b\[3A\r\u001b\[J[^\n]*\n?\u001b\[\?25h$/s);
});

test.serial('after the end, nothing is drawn and nothing is held back', async (t) => {
  const {terminal, text} = fakeTerminal();
  const {listener, stop} = liveProgress(terminal, {hosts: ['web1'], ...AROUND});
  listener({type: 'host-failed', host: 'web1', failure: {reason: 'unreachable', message: 'No answer.'}});
  await stop();
  terminal.write('the end');
  listener({type: 'host-connecting', host: 'web1'});
  await setTimeout(250);
  t.true(text().endsWith('the end'));
  t.is(process.listenerCount('SIGHUP'), 0);
});

/** A process that shows that web1 is connecting, and what it has written. */
function startDisplay() {
  const renderers = new URL('../../../src/renderers/index.js', import.meta.url).href;
  const script = `const {liveProgress} = await import('${renderers}');
    const around = {other: process.stderr, env: process.env};
    liveProgress(process.stdout, {hosts: ['web1'], ...around}).listener({type: 'host-connecting', host: 'web1'});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: {...process.env, TERM: 'xterm'},
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {child, text: () => text};
}

test.serial('a signal restores the main screen, and ends the process as it would without progress', async (t) => {
  const {child, text} = startDisplay();
  await written(text, /connecting/);
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'close'), [null, 'SIGTERM']);
  t.regex(text(), /\u001b\[\?1049h[\s\S]*\u001b\[\?1049l[^w]*$/);
});

test.serial('Ctrl-Z restores the screen and its cursor, and stops the process until it is continued', async (t) => {
  const {child, text} = startDisplay();
  t.teardown(() => child.kill('SIGKILL'));
  for (let times = 0; times < 2; times += 1) {
    const before = text().length;
    const since = () => text().slice(before);
    await written(since, /\u001b\[\?1049h/);
    child.kill('SIGTSTP');
    const state = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    await written(state, /\) T /);
    t.regex(state(), /\) T /);
    await written(since, /\u001b\[\?25h$/);
    t.regex(since(), /\u001b\[\?25l\u001b\[\?1049h[\s\S]*\u001b\[\?1049l\u001b\[\?25h$/);
    child.kill('SIGCONT');
  }
});

test.serial('events for hosts that were not announced, and none at all, do no harm', async (t) => {
  const {terminal, text} = fakeTerminal();
  await liveProgress(terminal, {hosts: [], ...AROUND}).stop();
  t.is(text(), '');
  const {listener, stop} = liveProgress(terminal, {hosts: ['a'], ...AROUND});
  listener({type: 'host-connecting', host: 'b'});
  await written(text, /connecting/);
  await stop();
  t.regex(text(), /b {2}connecting/);
});

test.serial('a stream that is not a terminal gets plain lines', async (t) => {
  const {terminal, text} = fakeTerminal();
  const {listener, stop} = createProgress({...AROUND, stream: Object.assign(terminal, {isTTY: false}), hosts: ['a']});
  listener({type: 'host-connected', host: 'a', seconds: 1});
  await stop();
  t.is(text(), 'a  connected  1.0s\n');
});
