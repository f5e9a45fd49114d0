import {execFileSync, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {
  AS_EXPECTED,
  answerOf,
  type OutputLine,
  PRIVATE_DIRECTORY,
  type Reply,
  raw,
  type ShellStep,
  sh,
} from '../../src/shell/index.js';
import {uploadOf} from '../support/uploads.js';
import {localShell} from './local/local-channel.js';

const step = (text: string, mode?: ShellStep['mode'], required = true): ShellStep => ({
  command: raw(text),
  required,
  mode,
});
const MODES = ['probe', 'live', undefined] as const;

/** Commands of a process group that still run, but for those that have ended and wait to be noticed. */
function groupOf(id: number | undefined): string {
  const all = spawnSync('ps', ['-eo', 'pgid,stat,args'], {encoding: 'utf8'}).stdout;
  const own = all.split('\n').filter((line) => line.trim().startsWith(`${id} `));
  return own.filter((line) => !/^\s*\d+ Z/.test(line)).join('\n');
}

async function endsSoon(t: ExecutionContext, id: number | undefined): Promise<void> {
  for (let tries = 0; tries < 40 && groupOf(id) !== ''; tries++) await sleep(100);
  t.is(groupOf(id), '');
}

function opened(t: ExecutionContext) {
  const {shell, child} = localShell();
  t.teardown(() => shell.close());
  return {shell, child};
}

const said = (replies: readonly (Reply | undefined)[]) => replies.map((reply) => reply?.stdout);

test('each command gets its own reply in every mode, and a failure stops only what needs it', async (t) => {
  const {shell} = opened(t);
  for (const mode of MODES) {
    const steps = [
      step('echo one; echo err >&2', mode, false),
      step('exit 7', mode, false),
      step('printf "no line break"; printf "\\n\\n" >&2', mode),
      step('false', mode),
      step('echo never', mode),
    ];
    const replies = await shell.run(steps);
    t.deepEqual(
      replies.map((reply) => reply && [reply.code, reply.stdout, reply.stderr]),
      [[0, 'one\n', 'err\n'], [7, '', ''], [0, 'no line break', '\n\n'], [1, '', ''], undefined],
    );
  }
});

test('any bytes that a command prints come back as they are', async (t) => {
  const {shell} = opened(t);
  const text = fc.string({unit: 'binary', maxLength: 30}).filter((each) => !/[\0\p{Surrogate}]/u.test(each));
  const steps = fc.array(fc.tuple(text, text, fc.nat(255), fc.constantFrom(...MODES)), {minLength: 1, maxLength: 8});
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const sent = given.map(([out, err, code, mode]) => ({
        command: sh`printf %s ${out}; printf %s ${err} >&2; exit ${code}`,
        required: false,
        mode,
      }));
      const replies = await shell.run(sent);
      t.deepEqual(
        replies.map((reply) => [reply?.stdout, reply?.stderr, reply?.code]),
        given.map(([out, err, code]) => [out, err, code]),
      );
    }),
    {numRuns: 40},
  );
});

/** Texts that are not whole commands, or would end, stop or mislead what runs them. `code`: what they come to. */
const AWKWARD: readonly (readonly [text: string, code: number])[] = [
  ['echo "', 2],
  ["echo '", 2],
  ['echo $(', 2],
  ['echo `', 2],
  ['if true; then', 2],
  ['}', 2],
  [')', 2],
  ['echo x # comment', 0],
  ['exit 0', 0],
  ['exit 3', 3],
  ['return 4', 4],
  ['sleep 4713 &', 0],
  ['cat <<END\ntext', 0],
  ['cat <<END\ntext\nEND', 0],
  ['exec true', 0],
  ['set -e; false; true', 1],
  ['set -u; echo $nothing', 2],
  ['trap "echo trapped" EXIT', 0],
  ['trap "" TERM; exec 1>&- 2>&-', 0],
  ['alias echo=false; unset PATH', 0],
  ['break; continue', 0],
  ['shift 5', 2],
  ['kill -9 $(sh -c "echo \\$PPID")', 137],
  ['cat; read line', 1],
  ['readonly n r k c d t', 0],
];

test('whatever the text of a step, it ends by itself and harms no other step', async (t) => {
  const {shell} = opened(t);
  for (const mode of MODES) {
    const since = performance.now();
    const steps = AWKWARD.flatMap(([text]) => [step(text, mode, false), step('echo fine', mode, false)]);
    const replies = await shell.run(steps);
    for (const [index, [text, code]] of AWKWARD.entries()) {
      t.is(replies[2 * index]?.code, code, `${mode}: ${text}: ${replies[2 * index]?.stderr}`);
      t.is(replies[2 * index + 1]?.stdout, 'fine\n', `after ${text}`);
    }
    t.regex(replies[0]?.stderr ?? '', /[Uu]nterminated quoted string|unexpected/);
    // A job in the background that has the output open delays nothing: it would be by nine seconds.
    t.log(`${mode}: ${Math.round(performance.now() - since)} ms`);
  }
});

test('a step sees nothing of the loop, of other steps and of its own text', async (t) => {
  const {shell} = opened(t);
  const bare = execFileSync('sh', ['-c', 'set'], {encoding: 'utf8', env: {}});
  const usual = new Set([...bare.matchAll(/^(\w+)=/gm)].map(([, name]) => name));
  const expected = [...usual, 'LC_ALL', 'PATH', 'SSH_CONNECTION', 'HOME', 'OLDPWD', 'PWD', 'INVOCATION_ID'];
  for (const mode of MODES) {
    const steps = [
      step('secret=hunter2', mode),
      step('set; echo "$# $*"', mode),
      step('clean echo x; mark y; type flush live probe quiet expect kept watch stopped', mode, false),
      step('ls /proc/self/fd', mode),
      step('echo own-text-4715 >/dev/null; tr "\\0" " " </proc/self/cmdline; ps axo args', mode),
    ];
    const [, second, third, fourth, fifth] = await shell.run(steps);
    const names = [...(second?.stdout ?? '').matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
    const own = Object.keys(process.env);
    t.deepEqual(
      names.filter((name) => !expected.includes(name) && !own.includes(name)),
      [],
      String(mode),
    );
    t.notRegex(second?.stdout ?? '', /hunter2|own-text-4715|echo "\$#/);
    t.true(second?.stdout.endsWith('0 \n'));
    t.notRegex(third?.stdout ?? '', /function/);
    // Other tests in this process may have files open that a shell inherits for a moment.
    const usualFiles = execFileSync('sh', ['-c', 'ls /proc/self/fd </dev/null'], {encoding: 'utf8'}).split('\n');
    t.deepEqual(
      fourth?.stdout.split('\n').filter((file) => !usualFiles.includes(file)),
      [],
    );
    t.notRegex(fifth?.stdout ?? '', /own-text-4715/);
  }
});

test('no output can be taken for a mark, and later output of a background job is discarded', async (t) => {
  const {shell} = opened(t);
  const forged = '=\n1. 0\n2. 0\n1+\n~\n!\n1:x\n';
  for (const mode of MODES) {
    const steps = [
      {command: sh`printf %s ${forged}; printf %s ${forged} >&2`, required: true, mode},
      step('(sleep 0.3; echo late; echo late >&2) & echo begun', mode),
      step('sleep 0.6; echo next', mode),
    ];
    const replies = await shell.run(steps);
    // Probes are told together, so what is late comes in time for its own reply.
    t.deepEqual(said(replies), [forged, mode === 'probe' ? 'begun\nlate\n' : 'begun\n', 'next\n']);
    t.is(replies[0]?.stderr, forged);
    t.is(replies[2]?.stderr, '');
    await sleep(400);
    t.deepEqual(said(await shell.run([step('echo again', mode)])), ['again\n']);
  }
});

test('an expected answer stays on the host, and any other one ends the script and is sent', async (t) => {
  const {shell} = opened(t);
  const [known] = await shell.run([step('printf "\\377\\0 x\\n"', 'probe')]);
  if (!known) throw new Error('no reply');
  const expect = answerOf(known);
  const same: ShellStep = {...step('echo noise >&2; printf "\\377\\0 x\\n"'), expect};
  const [first, second] = await shell.run([same, step('echo changed')]);
  t.is(first, AS_EXPECTED);
  t.is(second?.stdout, 'changed\n');
  for (const text of ['printf "\\376\\0 x\\n"', 'printf "\\377\\0 x\\n"; exit 1', ':']) {
    const [other, after] = await shell.run([{...step(text), expect}, step('echo changed')]);
    t.not(other, AS_EXPECTED);
    t.truthy(other);
    t.is(after, undefined, text);
  }
});

test('uploads are where the text of a step says, byte for byte, for this script alone', async (t) => {
  const {shell} = opened(t);
  const files = [Buffer.alloc(0), Buffer.from('\0\n~\nRUN 3\n'), randomBytes(3_000_000)].map(uploadOf);
  const steps = files.map((upload) => ({
    command: sh`sha256sum <${{upload}}; stat -c %a:%u ${{upload}}`,
    required: true,
  }));
  const replies = await shell.run([...steps, ...steps]);
  t.deepEqual(
    said(replies),
    [...files, ...files].map(({sha256}) => `${sha256}  -\n600:${process.getuid?.()}\n`),
  );
  const [text] = replies.map((_, index) => steps[index]?.command.reveal());
  t.notRegex(text ?? '', /\0/);
  // Only those of this connection: others may be running on this machine.
  const [gone] = await shell.run([
    {
      command: sh`p=${PRIVATE_DIRECTORY}; ls /var/lib/infra/uploads/"$(basename "$p")"/* "$p"/uploads/*`,
      required: false,
    },
  ]);
  t.is(gone?.stdout, '');
});

test('an upload whose source has changed ends the connection and says so', async (t) => {
  const {shell} = opened(t);
  const upload = {...uploadOf(Buffer.from('short')), size: 9};
  await t.throwsAsync(shell.run([{command: sh`cat ${{upload}}`, required: true}]), {message: /shorter/});
  await t.throwsAsync(shell.run([step('echo x')]), {message: /shorter/});
});

test('a stop ends a stoppable script after the change that runs, and scripts after it at once', async (t) => {
  const {shell, child} = opened(t);
  for (const mode of ['live', undefined] as const) {
    const fresh = mode === 'live' ? {shell, child} : opened(t);
    const steps = [step('echo one', mode), step('sleep 0.6; echo two', mode), step('echo three', mode)];
    const running = fresh.shell.run(steps, {
      stoppable: true,
      onEvent: (event) => event.type === 'began' && event.step === 1 && fresh.shell.stop(),
    });
    t.deepEqual(said(await running), ['one\n', 'two\n', undefined]);
    const later = await fresh.shell.run([step('echo more')], {stoppable: true});
    t.deepEqual(later, [undefined]);
    const unstoppable = await fresh.shell.run([step('echo needed')]);
    t.is(unstoppable[0]?.stdout, 'needed\n');
    fresh.shell.close();
    await endsSoon(t, fresh.child.pid);
  }
});

test('scripts follow each other, also after kept commands, and the end of input ends all that runs', async (t) => {
  const {shell, child} = opened(t);
  for (let turn = 0; turn < 20; turn++) {
    const [reply] = await shell.run([step(`echo ${turn}`)], {stoppable: turn % 2 === 0});
    t.is(reply?.stdout, `${turn}\n`);
    t.is((await shell.keep(raw('true'))).code, 0);
  }
  const running = shell.run([step('sleep 60', 'live')]);
  await sleep(200);
  shell.close();
  await t.throwsAsync(running, {message: /lost/});
  await endsSoon(t, child.pid);
});

test('what a kept command opens stays open, out of reach of every step', async (t) => {
  const {shell} = opened(t);
  const kept = await shell.keep(sh`command exec 9>>${PRIVATE_DIRECTORY}/lock && flock -n 9 && echo mine`);
  t.is(kept.stdout, 'mine\n');
  const [held, open] = await shell.run([
    {command: sh`flock -n ${PRIVATE_DIRECTORY}/lock true`, required: false},
    step('ls -l /proc/self/fd', undefined, false),
  ]);
  t.is(held?.code, 1);
  t.notRegex(open?.stdout ?? '', /lock/);
});

test('a killed loop is noticed, and what it had started is ended', async (t) => {
  const {shell, child} = opened(t);
  await shell.ready();
  const running = shell.run([step('sleep 60')]);
  await sleep(300);
  const loop = execFileSync('ps', ['-eo', 'pid,ppid', '--no-headers'], {encoding: 'utf8'})
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === child.pid)
    .map(([id]) => id ?? 0);
  process.kill(Math.max(...loop), 'SIGKILL');
  await t.throwsAsync(running, {message: /lost/});
  await endsSoon(t, child.pid);
});

test('the private directory is closed to others and ends with the connection', async (t) => {
  const {shell, child} = opened(t);
  const [reply] = await shell.run([{command: sh`stat -c '%a %u %n' ${PRIVATE_DIRECTORY}`, required: true}]);
  const [mode, owner, path = ''] = (reply?.stdout ?? '').trim().split(' ');
  t.deepEqual([mode, owner], ['700', String(process.getuid?.())]);
  t.regex(path, process.getuid?.() === 0 ? /^\/run\/infra\/\d+\.\d+$/ : /^\/tmp\//);
  t.true(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').includes('infra'));
  shell.close();
  await endsSoon(t, child.pid);
  t.false(existsSync(path));
});

test('the beginning of a line that is too long is reported, up to a whole word', async (t) => {
  const {shell} = opened(t);
  const lines: string[] = [];
  const text = 'printf "short %016400d\\n" 7; printf "%017000d\\nend\\n" 7';
  await shell.run([step(text, 'live')], {onOutput: (line) => lines.push(line.text)});
  t.deepEqual(lines, ['short …', '…', 'end']);
});

test('output of a live step comes line by line while it runs, of both streams', async (t) => {
  const {shell} = opened(t);
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-live-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  const heard = path.join(directory, 'heard');
  const lines: OutputLine[] = [];
  const wait = `i=0; until [ -e ${heard} ] || [ $i = 400 ]; do sleep 0.05; i=$((i + 1)); done; [ -e ${heard} ] || exit`;
  const text = `echo a; echo; printf "b\\nc" >&2; ${wait}; printf "d\\n\\ne"`;
  const [reply, second] = await shell.run([step('echo zero >&2', 'live'), step(text, 'live')], {
    onOutput: (line) => {
      lines.push(line);
      if (line.text === 'a') writeFileSync(heard, '');
    },
  });
  t.is(reply?.stderr, 'zero\n');
  t.is(second?.code, 0, 'the first line was heard while the step ran');
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
});

test('output of the login before the loop begins is skipped, and output at any other time breaks the connection', async (t) => {
  const noisy = (loop: string) => ['sh', '-c', `echo motd; echo '0. 0'; printf 'no end' >&2; ${loop}`];
  const {bootstrapCommand} = await import('../../src/transport/bootstrap.js');
  const {shell} = localShell(noisy(bootstrapCommand(false)));
  t.teardown(() => shell.close());
  t.deepEqual(said(await shell.run([step('echo x', 'probe')])), ['x\n']);
  const late = localShell(noisy(`(sleep 0.4; echo stray) & ${bootstrapCommand(false)}`));
  t.teardown(() => late.shell.close());
  const running = late.shell.run([step('sleep 1; echo x')]);
  await t.throwsAsync(running, {message: /stray/});
});
