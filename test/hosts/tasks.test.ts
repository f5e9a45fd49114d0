import {randomBytes} from 'node:crypto';
import {mkdir, mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {bareHosts} from '../support/hosts.js';
import {askHost, infra, onHost, type TestHost, labTest as test} from '../support/lab.js';
import {announced, applied, tasksOf} from '../support/truth.js';

const HOSTS: Readonly<Record<string, TestHost>> = {
  'tasks-12': {address: '198.18.0.171', groups: ['any'], suite: 'bookworm'},
  'tasks-13': {address: '198.18.0.172', groups: ['any'], suite: 'trixie'},
  'tasks-sid': {address: '198.18.0.173', groups: ['any'], suite: 'sid'},
};
const CANARY = `canary-${randomBytes(9).toString('hex')}-'"$x`;
const env = {INFRA_SECRET_CANARY: CANARY};

let args: readonly string[] = [];
/** Everything that was ever printed, for the law about secrets. */
let printed = '';

const run = async (command: string, ...more: readonly string[]) => {
  const outcome = await infra([command, ...more, ...args], env);
  printed += outcome.stdout + outcome.stderr;
  return outcome;
};

test.before(async () => {
  args = ['--inventory', await bareHosts(HOSTS), '--playbook', 'test/hosts/playbooks/tasks.ts'];
});

test('every probe works on a bare host', async (t) => {
  const plan = await run('plan', '--detailed-exitcode');
  t.is(plan.code, 2, plan.stdout + plan.stderr);
});

test('apply, then plan is empty; the second apply does nothing', async (t) => {
  const applied = await run('apply', '--yes');
  t.is(applied.code, 0, applied.stdout + applied.stderr);
  const plan = await run('plan', '--detailed-exitcode');
  t.is(plan.code, 0, plan.stdout + plan.stderr);
  t.regex((await run('apply', '--yes')).stdout, /^No changes\./m);
});

test('what was asked for is there, byte for byte', async (t) => {
  for (const host of Object.keys(HOSTS)) {
    t.is(
      await askHost(host, `cd /srv/it* && od -An -tx1 ./-n | tr -d ' \\n'`),
      '00fffe0a0d2722 5c2400'.replace(' ', ''),
    );
    t.is(await askHost(host, 'cd /srv/it* && cat secret'), CANARY);
    t.is(
      await askHost(host, 'cd /srv/it* && stat -c "%a %U %G" . secret empty'),
      '750 app crew\n600 app root\n644 root root\n',
    );
    t.is(await askHost(host, `cat /srv/made "/srv/who am i" /srv/length`), `it's 2root\n${CANARY.length + 1}\n`);
    t.is(await askHost(host, 'id -nG app; systemctl is-active ours'), 'app crew\nactive\n');
    t.regex(await askHost(host, 'cat /etc/hosts'), /^198\.18\.0\.200 o'host # \$x\n198\.18\.0\.201 other\n# BEGIN/m);
    t.is(await askHost(host, 'dpkg -s tree | grep ^Status'), 'Status: install ok installed\n');
    t.not((await onHost(host, 'command -v nano')).code, 0);
  }
});

test('drift in every corner is planned, and nothing else', async (t) => {
  const breaking = `cd /srv/it* && chmod 0777 . && printf x >> ./-n && rm empty && ln -sfn /tmp 'link
' && gpasswd -d app crew && systemctl disable --now ours && sed -i /o.host/d /etc/hosts
sysctl -q net.ipv4.ip_local_port_range='1024 60999'; rm /srv/made`;
  await askHost('tasks-13', breaking);
  const plan = await announced([...args, '--limit', 'tasks-13'], env);
  const types = tasksOf(plan.certain).map((name) => name.split(' ')[1]);
  t.deepEqual(types, ['user', 'directory', 'file', 'file', 'symlink', 'line', 'sysctl', 'service', 'command']);
  t.deepEqual([...(await applied([...args, '--limit', 'tasks-13'], env))].sort(), [...plan.certain].sort());
  t.is((await run('plan', '--detailed-exitcode')).code, 0);
});

test('a secret shows in no output, not even in that of a command which prints it', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  const playbook = path.join(directory, 'leak.ts');
  await mkdir(path.join(directory, 'templates'));
  await writeFile(
    playbook,
    `import {command, play, playbook} from 'infra';
export default playbook('leak', ({secret}) => [play('leak', {hosts: 'all'}, [
  command({command: 'echo "it is $CANARY" >&2; exit 3', env: {CANARY: secret('canary')}}),
])]);
`,
  );
  const inventory = args.slice(0, 2);
  const outcome = await infra(['apply', '--yes', ...inventory, '--playbook', playbook, '--limit', 'tasks-13'], env);
  t.is(outcome.code, 1);
  t.regex(outcome.stdout, /it is \(sensitive\)/);
  printed += outcome.stdout + outcome.stderr;
  t.false(printed.includes(CANARY));
  t.false(printed.includes(Buffer.from(CANARY).toString('base64')));
});

test('no file of a host that others can read holds the secret, and no process shows it', async (t) => {
  for (const host of Object.keys(HOSTS)) {
    const search = `f=$(mktemp); cat > $f <<'E'\n${CANARY}\nE\nfind / -xdev -type f -perm /o=r -not -path '/proc/*' -not -path "$f" -print0 | xargs -0 grep -lFf $f; cat /proc/[0-9]*/cmdline | grep -aFf $f; rm $f`;
    const {stdout} = await onHost(host, search);
    t.is(stdout, '', host);
  }
});
