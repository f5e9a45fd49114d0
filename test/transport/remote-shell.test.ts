import {execFileSync} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {type OutputLine, raw} from '../../src/shell/index.js';
import {localShell} from './local-channel.js';

const step = (text: string) => ({command: raw(text), required: true});

/** Commands of a process group that still run, but for those that have ended and wait to be noticed. */
function groupOf(id: number | undefined): string {
  const all = execFileSync('ps', ['-eo', 'pgid,stat,args'], {encoding: 'utf8'});
  const own = all.split('\n').filter((line) => line.trim().startsWith(`${id} `));
  return own.filter((line) => !/^\s*\d+ Z/.test(line)).join('\n');
}

async function endsSoon(t: ExecutionContext, id: number | undefined): Promise<void> {
  for (let tries = 0; tries < 40 && groupOf(id) !== ''; tries++) await sleep(100);
  t.is(groupOf(id), '');
}

test('a stop ends a stoppable script after the step that runs, and scripts after it at once', async (t) => {
  const {shell, child} = localShell();
  t.teardown(() => shell.close());
  const steps = [step('echo one'), step('sleep 0.6; echo two'), step('echo three')];
  const running = shell.run(steps, {
    timeout: 10,
    stoppable: true,
    onEvent: (event) => event.type === 'began' && event.step === 1 && shell.stop(),
  });
  t.deepEqual(
    (await running).map((reply) => reply?.stdout),
    ['one\n', 'two\n', undefined],
  );
  const later = await shell.run([step('echo more')], {timeout: 10, stoppable: true});
  t.deepEqual(later, [undefined]);
  const unstoppable = await shell.run([step('echo needed')], {timeout: 10});
  t.is(unstoppable[0]?.stdout, 'needed\n');
  shell.close();
  await endsSoon(t, child.pid);
});

test('scripts follow each other, also after kept commands, and the end of input ends all that runs', async (t) => {
  const {shell, child} = localShell();
  for (let turn = 0; turn < 20; turn++) {
    const [reply] = await shell.run([step(`echo ${turn}`)], {timeout: 10, stoppable: turn % 2 === 0});
    t.is(reply?.stdout, `${turn}\n`);
    t.is((await shell.keep(raw('true'))).code, 0);
  }
  const running = shell.run([step('sleep 60')], {timeout: 10});
  await sleep(200);
  shell.close();
  await t.throwsAsync(running, {message: /lost/});
  await endsSoon(t, child.pid);
});

test('a loop that was killed is noticed, and what it had begun is ended', async (t) => {
  const {shell, child} = localShell();
  const [reply] = await shell.run([step('echo "$self"')], {timeout: 10});
  const running = shell.run([step('sleep 60')], {timeout: 30});
  await sleep(200);
  process.kill(Number(reply?.stdout), 'SIGKILL');
  await t.throwsAsync(running, {message: /lost/});
  await endsSoon(t, child.pid);
});

test('the folder for what may have to be put back ends with the connection', async (t) => {
  const {shell, child} = localShell();
  const [reply] = await shell.run([step('mkdir "$undo" && echo x >"$undo/x" && echo "$undo"')], {timeout: 10});
  t.regex(reply?.stdout ?? '', /^\/run\/infra-\d+\n$/);
  shell.close();
  await endsSoon(t, child.pid);
  t.throws(() => execFileSync('ls', [reply?.stdout.trim() ?? ''], {stdio: 'ignore'}));
});

test('of a line that is too long the beginning is heard, up to a whole word', async (t) => {
  const {shell} = localShell();
  t.teardown(() => shell.close());
  const lines: string[] = [];
  const text = 'printf "short %016400d\\n" 7; printf "%017000d\\nend\\n" 7';
  await shell.run([step(text)], {timeout: 10, onOutput: (line) => lines.push(line.text)});
  t.deepEqual(lines, ['short …', '…', 'end']);
});

test('output comes line by line while the step runs, of both streams, without the marks', async (t) => {
  const {shell} = localShell();
  t.teardown(() => shell.close());
  const lines: (OutputLine & {at: number})[] = [];
  const since = Date.now();
  const text = 'echo a; echo; printf "b\\nc" >&2; sleep 0.5; printf "d\\n\\ne"';
  const [reply] = await shell.run([step('echo zero >&2'), step(text)], {
    timeout: 10,
    onOutput: (line) => lines.push({...line, at: Date.now() - since}),
  });
  t.is(reply?.stderr, 'zero\n');
  const of = (stream: string) => lines.filter((line) => line.stream === stream).map(({step, text}) => [step, text]);
  t.deepEqual(of('stdout'), [
    [1, 'a'],
    [1, ''],
    [1, 'd'],
    [1, ''],
    [1, 'e'],
  ]);
  t.deepEqual(of('stderr'), [
    [0, 'zero'],
    [1, 'b'],
    [1, 'c'],
  ]);
  t.true((lines.find(({text}) => text === 'a')?.at ?? 1e9) < 450);
});
