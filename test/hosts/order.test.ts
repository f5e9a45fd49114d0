import {appendFile} from 'node:fs/promises';
import {bareHosts} from '../support/hosts.js';
import {
  askHost,
  infra,
  mustRun,
  type Outcome,
  onHost,
  type TestHost,
  labTest as test,
  writeInventory,
  writeTemporary,
} from '../support/lab.js';

const HOSTS: Readonly<Record<string, TestHost>> = {
  ob1: {address: '198.18.0.211', groups: ['web']},
  ob2: {address: '198.18.0.212', groups: ['web']},
  ob3: {address: '198.18.0.213', groups: ['web', 'spare']},
};
/** Nobody has this address. */
const GONE: TestHost = {address: '198.18.0.219', groups: ['web']};

let inventory = '';
let withGone = '';

test.before(async () => {
  inventory = await bareHosts(HOSTS);
  withGone = await writeInventory({...HOSTS, ob9: GONE});
});

/** Runs a playbook whose plays are this TypeScript. */
async function run(verb: 'plan' | 'apply', plays: string, ...more: readonly string[]): Promise<Outcome> {
  const playbook = await writeTemporary(
    'site.ts',
    `import {command, file, line, play, playbook, sh, template} from 'infra';
export default playbook('order', [${plays}]);
`,
  );
  const yes = verb === 'apply' ? ['--yes'] : [];
  const from = more.includes('--inventory') ? [] : ['--inventory', inventory];
  return infra([verb, ...yes, ...from, '--playbook', playbook, ...more]);
}

const apply = (plays: string, ...more: readonly string[]) => run('apply', plays, ...more);

/** `type id` of what a plan's text lists, in order. */
const listed = ({stdout}: Outcome) => [...stdout.matchAll(/^ {4}[+~!?-] (\S+ \S+)/gm)].map(([, name = '']) => name);

const cleared = (...names: readonly string[]) =>
  Promise.all((names.length > 0 ? names : Object.keys(HOSTS)).map((name) => askHost(name, 'rm -rf /srv/*')));

/** What a file of a host says, without the line break at its end; empty when there is none. */
async function read(host: string, file: string): Promise<string> {
  return (await onHost(host, `cat ${file}`)).stdout.trim();
}

const NOTE_TIME = `command({command: 'date +%s.%N >/srv/begin; sleep 0.4; date +%s.%N >/srv/end', creates: '/srv/end'})`;

test('serial: a batch begins when the one before is through, and the plan says how many there are', async (t) => {
  await cleared();
  const plays = `play('stamp', {hosts: 'web', serial: [1, 2]}, [${NOTE_TIME}])`;
  const plan = await run('plan', plays);
  t.regex(plan.stdout, /2 batches: 1 host first, then up to 2 at a time; stops when a host\s+fails/);
  const {code, stdout} = await apply(plays);
  t.is(code, 0, stdout);
  const end = Number(await read('ob1', '/srv/end'));
  const [second, third] = [Number(await read('ob2', '/srv/begin')), Number(await read('ob3', '/srv/begin'))];
  t.true(end > 0 && end < second && end < third, `${end} ${second} ${third}`);
  t.true(Math.max(second, third) < Number(await read('ob2', '/srv/end')), 'the second batch is side by side');
});

test('serial: after a failure no further batch is begun', async (t) => {
  await cleared();
  const failing = `({host}) => [command({command: host.name === 'ob2' ? 'exit 7' : 'touch /srv/done', creates: '/srv/done'})]`;
  const {code, stdout} = await apply(`play('p', {hosts: 'web', serial: 1}, [${failing}])`);
  t.is(code, 1);
  t.regex(stdout, /ob1 +changed/);
  t.regex(stdout, /not\s+begun:\s+1\s+of\s+3\s+hosts\s+failed\s+or\s+are\s+unreachable\s+\(ob2\),\s+none\s+may\s+fail/);
  t.is((await onHost('ob1', 'test -e /srv/done')).code, 0);
  t.not((await onHost('ob3', 'test -e /srv/done')).code, 0);
});

test('maxFailures counts a host that is out of reach, and stops before the next batch', async (t) => {
  await cleared();
  const plays = (allowed: number) => `play('p', {hosts: 'web', serial: 1, maxFailures: ${allowed}}, [
    ({host}) => [command({command: host.name === 'ob2' ? 'exit 7' : 'touch /srv/done', creates: '/srv/done'})]])`;
  const {stdout} = await apply(plays(1), '--inventory', withGone);
  t.regex(stdout, /ob1 +changed/);
  t.regex(
    stdout,
    /2\s+of\s+4\s+hosts\s+failed\s+or\s+are\s+unreachable\s+\(ob2,\s+ob9\),\s+at\s+most\s+1\s+may\s+fail/,
  );
  t.not((await onHost('ob3', 'test -e /srv/done')).code, 0);
  await apply(plays(2), '--inventory', withGone);
  t.is((await onHost('ob3', 'test -e /srv/done')).code, 0);
});

test('retries: a change that fails is tried again, and until judges what it printed', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'ob1'}, [
    command({command: 'echo x >>/srv/tries; [ $(wc -l </srv/tries) -ge 3 ]', unless: '[ -s /srv/tries ] && [ $(wc -l </srv/tries) -ge 3 ]', retries: 2, delay: 0.1}),
    command({command: 'echo y >>/srv/asks; wc -l </srv/asks', unless: 'grep -q done /srv/asks', until: ({stdout}) => stdout.trim() === '2', retries: 1, delay: 0.1}),
    command({command: 'echo done >>/srv/asks', unless: 'grep -q done /srv/asks'}),
  ])`;
  const {code, stdout} = await apply(plays);
  t.is(code, 0, stdout);
  t.regex(stdout, /failed +command echo x.*, attempt 2 of 3/);
  t.is(await read('ob1', '/srv/tries'), 'x\nx\nx');
  t.is(await read('ob1', '/srv/asks'), 'y\ny\ndone');
  const hopeless = await apply(
    `play('p', {hosts: 'ob1'}, [command({command: 'echo no', until: ({stdout}) => stdout === 'yes', retries: 1, delay: 0.1})])`,
  );
  t.is(hopeless.code, 1);
  t.regex(hopeless.stdout, /until/);
});

test('timeout: the command is ended on the host, with what it started', async (t) => {
  const {code, stdout} = await apply(
    `play('p', {hosts: 'ob1'}, [command({command: 'sleep 4713 & sleep 4713', timeout: 1})])`,
  );
  t.is(code, 1);
  t.regex(stdout, /not end within 1 second/);
  t.not((await onHost('ob1', 'pgrep -f "^sleep 4713"')).code, 0);
});

test('ignoreErrors: the failure is shown, the host goes on, and the exit code is 0', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'ob1'}, [
    command({command: 'echo broken >&2; exit 3', creates: '/srv/never', ignoreErrors: true}),
    file({path: '/srv/after', content: 'x'}),
  ])`;
  const {code, stdout} = await apply(plays);
  t.is(code, 0, stdout);
  t.regex(stdout, /1 failure ignored/);
  t.regex(stdout, /broken/);
  t.is(await read('ob1', '/srv/after'), 'x');
});

test('runOnce: on the first host of the play, also of a limited one', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'web'}, [file({path: '/srv/once', content: 'x', runOnce: true})])`;
  t.deepEqual(listed(await run('plan', plays)), ['file /srv/once']);
  t.is((await apply(plays)).code, 0);
  t.is(await read('ob1', '/srv/once'), 'x');
  t.is(await read('ob2', '/srv/once'), '');
  t.is((await apply(plays, '--limit', 'ob2')).code, 0);
  t.is(await read('ob2', '/srv/once'), 'x');
});

test('delegateTo: done on the other host, in or out of the limit, with the facts of the own', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'ob1,ob2', serial: 1}, [
    ({host, facts}) => [
      file({path: '/srv/' + host.name, content: facts.hostname, delegateTo: 'ob3', notify: {id: 'note', command: sh\`touch /srv/handled\`}}),
      file({path: '/srv/own', content: 'x'}),
    ]])`;
  const plan = await run('plan', plays, '--limit', 'ob1');
  t.regex(plan.stdout, /file \/srv\/ob1\n +on ob3/);
  t.is((await apply(plays, '--limit', 'ob1')).code, 0);
  t.is(await read('ob3', '/srv/ob1'), 'ob1');
  t.is((await onHost('ob3', 'ls /srv')).stdout, 'ob1\n');
  t.is((await onHost('ob1', 'ls /srv')).stdout, 'handled\nown\n');
  const again = await apply(plays);
  t.is(again.code, 0, again.stdout);
  t.is(await read('ob3', '/srv/ob2'), 'ob2');
  t.is((await run('plan', plays, '--detailed-exitcode')).code, 0);
});

test('delegateTo a host of the same run: both do their own work too', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'web'}, [
    ({host}) => [file({path: '/srv/' + host.name, content: 'x', delegateTo: 'ob1'}), file({path: '/srv/own', content: 'x'})]])`;
  const {code, stdout} = await apply(plays);
  t.is(code, 0, stdout);
  t.is((await onHost('ob1', 'ls /srv')).stdout, 'ob1\nob2\nob3\nown\n');
});

test('hosts that edit one file of a delegate do not undo each other, and wait for nobody else', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'web'}, [
    ({host}) => [line({path: '/srv/pool', create: true, line: host.name, delegateTo: 'ob3'})]])`;
  const {code, stdout} = await apply(plays);
  t.is(code, 0, stdout);
  t.deepEqual((await read('ob3', '/srv/pool')).split('\n').sort(), ['ob1', 'ob2', 'ob3']);
  await askHost(
    'ob3',
    'rm /srv/pool; (flock 9; exec sleep 300) 9>>/var/lib/infra/lock >/dev/null 2>&1 & echo $! >/run/holder',
  );
  const refused = await apply(plays, '--limit', 'ob1');
  t.is(refused.code, 1);
  t.regex(refused.stdout, /another run has ob3/);
  await askHost('ob3', 'kill $(cat /run/holder)');
});

test('a delegate that is out of reach fails the host that needs it, and says so', async (t) => {
  const plays = `play('p', {hosts: 'ob1'}, [file({path: '/srv/x', content: 'x', delegateTo: 'ob9'})])`;
  const {code, stdout} = await run('plan', plays, '--inventory', withGone);
  t.is(code, 1);
  t.regex(stdout, /ob1: other-host-failed/);
});

test('facts of other hosts are there under a limit, or the host that needs them fails', async (t) => {
  await cleared();
  const plays = `play('p', {hosts: 'web'}, [
    ({group, factsOf}) => [file({path: '/srv/names', content: group('web').map((each) => factsOf(each).hostname).join(' ')})]])`;
  t.is((await apply(plays, '--limit', 'ob2')).code, 0);
  t.is(await read('ob2', '/srv/names'), 'ob1 ob2 ob3');
  const missing = await run('plan', plays, '--limit', 'ob2', '--inventory', withGone);
  t.is(missing.code, 1);
  t.regex(missing.stdout, /ob2: other-host-failed\n +it needs the facts of ob9/);
});

const TAGGED = `play('p', {hosts: 'ob1', tags: 'site'}, [
  file({path: '/srv/a', content: 'x', tags: 'conf'}),
  file({path: '/srv/b', content: 'x', label: 'the second'}),
  file({path: '/srv/c', content: 'x', tags: ['never', 'reset']}),
  file({path: '/srv/d', content: 'x', tags: 'always'}),
  file({path: '/srv/e', content: 'x', when: false}),
])`;

test('tags choose tasks; a tag that nobody has is an error', async (t) => {
  await cleared();
  const chosen = async (...more: readonly string[]) =>
    listed(await run('plan', TAGGED, ...more)).map((name) => name.at(-1));
  t.deepEqual(await chosen(), ['a', 'b', 'd']);
  t.deepEqual(await chosen('--tags', 'conf'), ['a', 'd']);
  t.deepEqual(await chosen('--tags', 'reset,conf', '--skip-tags', 'always'), ['a', 'c']);
  t.deepEqual(await chosen('--tags', 'site'), ['a', 'b', 'c', 'd']);
  const {code, stderr} = await run('plan', TAGGED, '--tags', 'cnof');
  t.is(code, 1);
  t.regex(stderr, /no task is tagged "cnof"/);
});

test('start-at-task leaves out what is before it', async (t) => {
  await cleared();
  for (const name of ['the second', 'file /srv/b', '*b']) {
    t.deepEqual(listed(await run('plan', TAGGED, '--start-at-task', name)), ['file /srv/b', 'file /srv/d'], name);
  }
  const {code, stderr} = await run('plan', TAGGED, '--start-at-task', 'nothing');
  t.is(code, 1);
  t.regex(stderr, /no task to start at is named "nothing"/);
});

test('a play without hosts is an error unless it is allowed; under a limit it is none', async (t) => {
  const plays = `play('p', {hosts: 'ob1'}, [file({path: '/srv/a', content: 'x'})]),
    play('empty', {hosts: 'spare:!web'}, [file({path: '/srv/b', content: 'x'})])`;
  const refused = await run('plan', plays);
  t.is(refused.code, 1);
  t.regex(refused.stderr, /play "empty": no host matches "spare:!web"/);
  t.is((await run('plan', plays, '--allow-empty')).code, 0);
  const other = `play('p', {hosts: 'ob1'}, []), play('q', {hosts: 'ob2'}, [])`;
  t.is((await run('plan', other, '--limit', 'ob2')).code, 0);
  t.is((await run('plan', other, '--limit', 'ob3')).code, 1);
  t.is((await run('plan', other, '--limit', 'ob3', '--allow-empty')).code, 0);
});

test('a limit may stand in a file', async (t) => {
  const file = await writeTemporary('limit', '# the second\nob2\n');
  await appendFile(file, 'ob3  # and the third\n');
  const plays = `play('p', {hosts: 'web'}, [command({command: 'true'})])`;
  const {stdout} = await run('plan', plays, '--limit', `@${file}`);
  t.regex(stdout, /^ob2, ob3$/m);
});

test('apply --step without a terminal is refused', async (t) => {
  const {code, stderr} = await apply(TAGGED, '--step');
  t.is(code, 1);
  t.regex(stderr, /no terminal/);
});

test('what is not asked for behaves as ever: apply, then nothing is left to do', async (t) => {
  await cleared();
  const playbook = await writeTemporary(
    'site.ts',
    `import {file, play, playbook} from 'infra';
export default playbook('plain', [play('p', {hosts: 'web'}, [file({path: '/srv/plain', content: 'x'})])]);
`,
  );
  const args = ['--inventory', inventory, '--playbook', playbook];
  await mustRun(['apply', '--yes', ...args]);
  t.regex((await mustRun(['apply', '--yes', ...args])).stdout, /^No changes\./m);
});
