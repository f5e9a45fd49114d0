import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {bareHosts} from '../support/hosts.js';
import {askHost, mustRun, onHost, labTest as test} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

const HOSTS = {
  su4: {address: '198.18.0.224', groups: ['any']},
  su5: {address: '198.18.0.225', groups: ['any']},
};

/** The handler keeps what it loaded: it is needed as long as that is not what the files say. */
const PLAYBOOK = `import {command, file, play, playbook, sh} from 'infra';
const {VERSION: version = '1', PAUSE: pause = '0.2'} = process.env;
const load = {id: 'load', command: sh\`sleep 0.3; cat /srv/conf /srv/more >/srv/loaded\`};
const slow = (name: string) => command({
  command: \`for i in 1 2 3; do echo \${name} $i; sleep \${pause}; done; echo \${version} >/srv/\${name}\`,
  unless: \`[ "$(cat /srv/\${name})" = \${version} ]\`,
});
export default playbook('surviving', [
  play('work', {hosts: 'all'}, [
    file({path: '/srv/conf', content: \`conf \${version}\\n\`, notify: load}),
    slow('one'),
    file({path: '/srv/more', content: \`more \${version}\\n\`, notify: load}),
    slow('two'),
  ]),
]);
`;

let project: Project;
let args: readonly string[] = [];

test.before(async () => {
  args = ['--inventory', await bareHosts(HOSTS), '--playbook', 'site.ts'];
  project = await newProject(PLAYBOOK);
});

const apply = (version: number, ...more: readonly string[]) =>
  project.run(['apply', '--yes', ...args, ...more], {VERSION: String(version)});

const startApply = (version: number, ...more: readonly string[]) =>
  project.start(['apply', '--yes', ...args, ...more], {VERSION: String(version)});

/** With tasks of many seconds, so that there is time to disturb them. */
const startSlowly = (version: number, ...more: readonly string[]) =>
  project.start(['apply', '--yes', ...args, ...more], {VERSION: String(version), PAUSE: '4'});

/** The end state of a version, reloaded, with nothing left over from any run. */
async function complete(t: ExecutionContext, version: number, hosts = Object.keys(HOSTS)): Promise<void> {
  for (const host of hosts) {
    const seen = await askHost(
      host,
      `cd /srv; cat conf more one two loaded; find / -xdev -name '.infra-*' -not -path '/proc/*'
ls -A /var/lib/infra/pending; ls -d /run/infra-* 2>/dev/null; flock -n /var/lib/infra/lock true && echo free`,
    );
    const files = `conf ${version}\nmore ${version}\n`;
    t.is(seen, `${files}${version}\n${version}\n${files}free\n`, host);
  }
  const plan = await project.run(['plan', '--detailed-exitcode', ...args], {VERSION: String(version)});
  t.is(plan.code, 0, plan.stdout + plan.stderr);
}

/** The newest record of the project. */
async function newestRecord(): Promise<{name: string; text: string}> {
  const directory = path.join(project.directory, '.infra', 'runs');
  const [name = ''] = (await readdir(directory))
    .filter((each) => /json$/.test(each))
    .sort()
    .reverse();
  return {name, text: await readFile(path.join(directory, name), 'utf8')};
}

test('a run that is killed at any moment loses nothing: one plain apply reaches the same end', async (t) => {
  t.is((await apply(1)).code, 0);
  for (let round = 0; round < 10; round++) {
    const version = round + 2;
    const running = startApply(version);
    await running.printed(/play +work/);
    await sleep(round * 220);
    running.child.kill('SIGKILL');
    await running.outcome;
    const again = await apply(version);
    t.is(again.code, 0, `round ${round}: ${again.stdout}${again.stderr}`);
    await complete(t, version);
  }
  const runs = await project.run(['runs']);
  t.regex(runs.stdout, / killed /);
});

test('a plan after a kill shows the handler that is due', async (t) => {
  const running = startApply(20);
  await running.printed(/changed +file \/srv\/more/);
  running.child.kill('SIGKILL');
  await running.outcome;
  await sleep(1500);
  const plan = await project.run(['plan', ...args], {VERSION: '20'});
  t.regex(plan.stdout, /→ load/);
  await apply(20);
  await complete(t, 20);
});

test('the remote shell is killed, or the host reboots: the next apply completes the work', async (t) => {
  const shell = startSlowly(30);
  await shell.printed(/changed +file \/srv\/conf/);
  await askHost('su4', `for p in $(pgrep -f 'unset -f clean'); do [ $p = $$ ] || kill -9 $p; done; true`);
  const lost = await shell.outcome;
  t.is(lost.code, 1);
  t.regex(lost.stdout, /su4 +failed/);
  t.regex(lost.stdout, /su5 +changed/);
  t.is((await apply(30)).code, 0);
  await complete(t, 30);
  const host = startSlowly(31);
  await host.printed(/changed +file \/srv\/conf/);
  await mustRun(['lab', 'reboot', 'su4']);
  t.is((await host.outcome).code, 1);
  t.is((await apply(31)).code, 0);
  await complete(t, 31);
});

test('the network is cut: who applies again from the same machine has the host at once', async (t) => {
  const running = startSlowly(40, '--limit', 'su4');
  await running.printed(/changed +file \/srv\/conf/);
  const cut = `nft add table inet cut; nft 'add chain inet cut in { type filter hook input priority 0; }'
nft add rule inet cut in tcp dport 22 drop
systemd-run --quiet --on-active=4 --timer-property=AccuracySec=100ms nft delete table inet cut`;
  await askHost('su4', cut);
  running.child.kill('SIGKILL');
  await running.outcome;
  await sleep(5000);
  const again = await apply(40);
  t.is(again.code, 0, again.stdout + again.stderr);
  await complete(t, 40);
});

test('two applies at once: the second is refused by name, or waits; nothing of it happens in the meantime', async (t) => {
  const first = startSlowly(50, '--limit', 'su5');
  await first.printed(/changed +file \/srv\/conf/);
  const refused = await apply(51);
  t.is(refused.code, 1);
  t.regex(refused.stdout, /another run has the host: \S+@\S+,\s+run \S+,\s+process \d+,\s+since 20/);
  t.regex(refused.stdout, /su4: locked\s+nothing was done here: another run has su5/);
  t.is(await askHost('su4', 'cat /srv/conf'), 'conf 40\n');
  const patient = await apply(50, '--lock-timeout', '60');
  t.regex(patient.stdout, /waiting for \S+@\S+, run/);
  t.is(patient.code, 0, patient.stdout + patient.stderr);
  t.is((await first.outcome).code, 0);
  await complete(t, 50);
});

test('Ctrl-C once: the running task is finished, the rest is left, and resumed on request', async (t) => {
  const running = project.start(['apply', '--yes', ...args], {VERSION: '60', PAUSE: '1'});
  await running.printed(/changed +file \/srv\/conf/);
  await sleep(200);
  running.child.kill('SIGINT');
  const stopped = await running.outcome;
  t.is(stopped.code, 130, stopped.stdout);
  t.regex(stopped.stdout, /each host finishes its current task\. Ctrl-C again/);
  t.regex(stopped.stdout, /su4 +interrupted/);
  t.is(await askHost('su4', 'cat /srv/one /srv/more'), '60\nmore 50\n');
  t.regex((await project.run(['runs'])).stdout, /^\S+ .* interrupted/);
  const plan = await project.run(['plan', ...args], {VERSION: '60'});
  t.regex(plan.stdout, /load/);
  const resumed = await project.run(['apply', '--resume', '--yes'], {VERSION: '60'});
  t.is(resumed.code, 0, resumed.stdout + resumed.stderr);
  t.regex(resumed.stderr, /Continuing run \S+ on su4, su5\./);
  await complete(t, 60);
  const nothing = await project.run(['apply', '--resume', '--yes'], {VERSION: '60'});
  t.is(nothing.code, 1);
  t.regex(nothing.stderr, /nothing to resume/);
});

test('Ctrl-C twice: everything ends at once, and nothing keeps running', async (t) => {
  const running = startSlowly(70);
  await running.printed(/changed +file \/srv\/conf/);
  const since = Date.now();
  running.child.kill('SIGINT');
  await sleep(100);
  running.child.kill('SIGINT');
  const {code, stdout} = await running.outcome;
  t.is(code, 130, stdout);
  t.true(Date.now() - since < 10_000);
  t.not((await onHost('su4', `sleep 1; pgrep -f 'for i in 1 2 3' | grep -v $$`)).code, 0);
  t.is((await apply(70)).code, 0);
  await complete(t, 70);
});

test('events as NDJSON: nothing else on standard output, and the record holds the same', async (t) => {
  const {code, stdout} = await apply(80, '--format', 'json');
  t.is(code, 0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.is(events[0].type, 'run-started');
  t.is(events.at(-1).type, 'run-finished');
  t.is(events.at(-1).exitCode, 0);
  t.true(events.every(({run, time}) => run === events[0].run && typeof time === 'string'));
  t.true(events.some(({type, text}) => type === 'output' && text === 'one 2'));
  const {name, text} = await newestRecord();
  const record = JSON.parse(text);
  t.is(name, `${record.run}.json`);
  t.deepEqual([record.exitCode, record.outcome], [0, 'applied']);
  t.deepEqual(
    record.events.map(({type}: {type: string}) => type),
    events.slice(1, -1).map(({type}) => type),
  );
});

/** A service that comes up and reloads only with a good configuration. */
const SERVICE = `import {file, play, playbook, reload, restart, service, sh} from 'infra';
const {CONF: conf = '', NOTIFY: notify = 'restart', CHECK: check = ''} = process.env;
const unit = \`[Service]
ExecStartPre=/bin/grep -q good /srv/demo.conf
ExecStart=/bin/sh -c 'cp /srv/demo.conf /run/demo.loaded; exec sleep infinity'
ExecReload=/bin/sh -c 'grep -q good /srv/demo.conf && cp /srv/demo.conf /run/demo.loaded'
[Install]
WantedBy=multi-user.target
\`;
export default playbook('service', [
  play('service', {hosts: 'su5'}, [
    file({path: '/etc/systemd/system/demo.service', content: unit}),
    file({
      path: '/srv/demo.conf',
      content: \`\${conf}\\n\`,
      notify: notify === 'restart' ? restart('demo') : reload('demo'),
      ...(check && {validate: (path: string) => sh\`grep good \${path} || { echo no good >&2; exit 1; }\`}),
    }),
    service({name: 'demo'}),
  ]),
]);
`;

const STATE = `cat /srv/demo.conf /run/demo.loaded; stat -c %a:%U /srv/demo.conf; systemctl is-active demo
ls -A /var/lib/infra/pending; ls -d /run/infra-* 2>/dev/null; true`;

test('a handler that fails: the old file is put back with its mode and owner, and the service runs on with it', async (t) => {
  const service = await newProject(SERVICE);
  const run = (env: NodeJS.ProcessEnv, ...more: readonly string[]) =>
    service.run(['apply', '--yes', ...args, ...more], env);
  t.is((await run({CONF: 'good 1'})).code, 0);
  await askHost('su5', 'chmod 640 /srv/demo.conf; chown games /srv/demo.conf');
  for (const notify of ['restart', 'reload']) {
    const failed = await run({CONF: 'bad', NOTIFY: notify});
    t.is(failed.code, 1);
    t.regex(failed.stdout, /su5 +restored +\/srv\/demo\.conf/);
    t.regex(
      failed.stdout.replaceAll(/\s+/g, ' '),
      /the old configuration was put back \(\/srv\/demo\.conf\), and the handler succeeds with it/,
    );
    t.is(await askHost('su5', STATE), 'good 1\ngood 1\n640:games\nactive\n', notify);
  }
  const fixed = await run({CONF: 'good 2'}, '--backup');
  t.is(fixed.code, 0, fixed.stdout + fixed.stderr);
  t.is(await askHost('su5', STATE), 'good 2\ngood 2\n640:games\nactive\n');
  t.is(await askHost('su5', 'cat /var/lib/infra/backup/*/srv/demo.conf'), 'good 1\n');
});

test('a validation that fails: the old file stays, the service is left alone, and no handler is due', async (t) => {
  const service = await newProject(SERVICE);
  const before = await askHost('su5', 'systemctl show demo --property=ActiveEnterTimestamp,MainPID');
  const {code, stdout} = await service.run(['apply', '--yes', ...args], {CONF: 'bad', CHECK: '1'});
  t.is(code, 1);
  t.regex(stdout, /no good/);
  t.regex(stdout, /\/srv\/demo\.conf is unchanged: the new content is invalid/);
  t.is(await askHost('su5', STATE), 'good 2\ngood 2\n640:games\nactive\n');
  t.is(await askHost('su5', 'systemctl show demo --property=ActiveEnterTimestamp,MainPID'), before);
  const plan = await service.run(['plan', '--detailed-exitcode', ...args], {CONF: 'good 2'});
  t.is(plan.code, 0, plan.stdout + plan.stderr);
});

test('a task after a change fails: its handler stays due, also when the playbook no longer has such a handler', async (t) => {
  const breaking = await newProject(`import {command, file, play, playbook, sh} from 'infra';
const due = {id: "it's due", command: sh\`echo ran >>/srv/ran\`};
const broken = process.env.BROKEN ? [command({command: 'exit 3'})] : [];
const without = process.env.WITHOUT !== undefined;
export default playbook('breaking', [play('p', {hosts: 'su5'}, [
  file({path: '/srv/x', content: 'x', ...(!without && {notify: due})}), ...broken,
])]);
`);
  t.is((await breaking.run(['apply', '--yes', ...args], {BROKEN: '1'})).code, 1);
  const plan = await breaking.run(['plan', ...args]);
  t.regex(plan.stdout, /→ it's due \(left over from an interrupted run\)/);
  const orphan = await breaking.run(['plan', ...args], {WITHOUT: '1'});
  t.regex(orphan.stdout, /! it's due is still due from an interrupted run, but no task notifies it now/);
  t.regex(orphan.stdout, /\$ echo ran >>\/srv\/ran/);
  t.is((await breaking.run(['apply', '--yes', ...args])).code, 0);
  t.is(await askHost('su5', 'cat /srv/ran; ls -A /var/lib/infra/pending'), 'ran\n');
  await askHost('su5', 'rm /srv/x');
  t.is((await breaking.run(['apply', '--yes', ...args], {BROKEN: '1'})).code, 1);
  const forgot = await breaking.run(['apply', '--yes', ...args, '--forget', "it's due"], {WITHOUT: '1'});
  t.is(forgot.code, 0, forgot.stdout + forgot.stderr);
  t.regex(forgot.stderr, /su5: dropped it's due/);
  t.is(await askHost('su5', 'cat /srv/ran; ls -A /var/lib/infra/pending'), 'ran\n');
});
