import {execFileSync} from 'node:child_process';
import {mkdir, mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {bareHosts} from '../support/hosts.js';
import {
  askHost,
  infra,
  type Outcome,
  onHost,
  type TestHost,
  labTest as test,
  writeInventory,
  writeTemporary,
} from '../support/lab.js';

const HOST: TestHost = {address: '198.18.0.131', groups: ['web']};
const PLAYBOOK = `import {file, play, playbook} from 'infra';
export default playbook('faults', [play('files', {hosts: 'all'}, [file({path: '/srv/full/page', content: 'x'.repeat(3e6)})])]);
`;

let playbook = '';
let inventory = '';

test.before(async () => {
  inventory = await bareHosts({faulty: HOST});
  await askHost('faulty', 'mkdir -p /srv/full');
  playbook = await writeTemporary('site.ts', PLAYBOOK);
});

test('a host that does not answer: unreachable, and the others go on', async (t) => {
  const two = await writeInventory({faulty: HOST, gone: {address: '198.18.0.249', groups: ['web']}});
  const outcome = await infra(['apply', '--yes', '--inventory', two, '--playbook', playbook]);
  refused(t, outcome, [/gone/, /no route to 198\.18\.0\.249 port 22|does not answer/, /next/]);
  t.regex(outcome.stdout, /faulty +changed/);
});

test('a key that the host does not know: authentication failed', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  const key = path.join(directory, 'other');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const outcome = await plan(await writeInventory({faulty: HOST}, {identityFile: key}));
  refused(t, outcome, [/does not let deploy log in/, /ssh-copy-id -i/]);
});

test('a host key that is not on file is refused, with its fingerprint', async (t) => {
  const outcome = await plan(await writeInventory({faulty: HOST}, {knownHostsFile: await writeTemporary('empty', '')}));
  refused(t, outcome, [/host key is not known: ssh-ed25519\s+SHA256:/, /ssh_host_ed25519_key\.pub/]);
});

test('a host key that has changed is refused, with both fingerprints', async (t) => {
  const other = 'AAAAC3NzaC1lZDI1NTE5AAAAIN62Bhv7AMyBGOV1jmkLbYxHNAVYPy+zyuHoDB+x2F5v';
  const file = await writeTemporary('known_hosts', `${HOST.address} ssh-ed25519 ${other}\n`);
  const outcome = await plan(await writeInventory({faulty: HOST}, {knownHostsFile: file}));
  refused(t, outcome, [/host key has CHANGED/, /SHA256:.*SHA256:/s, /ssh-keygen -R/]);
});

test('sudo that wants a password: says so and how to allow it', async (t) => {
  const sudoers = 'grep -rlE "^deploy.*NOPASSWD" /etc/sudoers.d /etc/sudoers | head -n 1';
  await askHost(
    'faulty',
    `f=$(${sudoers}); mv "$f" /root/sudoers.saved; usermod -p x deploy;
systemd-run --quiet --on-active=8 --timer-property=AccuracySec=100ms mv /root/sudoers.saved "$f"`,
  );
  const outcome = await plan(inventory);
  refused(t, outcome, [/sudo wants a password for deploy|may not become root/, /sudoers|user: root/]);
  while ((await onHost('faulty', 'true')).code !== 0) await sleep(500);
});

test('a port that another program has: who has it, before anything is changed', async (t) => {
  await askHost('faulty', 'systemd-run --quiet --unit=squatter systemd-socket-activate --listen=80 cat');
  await askHost('faulty', 'for i in $(seq 50); do [ "$(ss -Hltn "sport = :80")" ] && exit; sleep 0.1; done; exit 1');
  const site = await writeTemporary(
    'site.ts',
    `import {nginx, play, playbook} from 'infra';
export default playbook('site', [play('web', {hosts: 'web'}, [nginx()])]);
`,
  );
  const outcome = await infra(['apply', '--yes', '--inventory', inventory, '--playbook', site]);
  refused(t, outcome, [/port 80 is used by systemd-socket\S* \(pid \d+\)/, /disable --now squatter\.service/]);
  t.is(await askHost('faulty', 'dpkg-query --show nginx 2>/dev/null; ls -d /etc/nginx 2>/dev/null; true'), '');
  await askHost('faulty', 'systemctl stop squatter');
});

test('a login shell that ends by itself is told from a lost connection', async (t) => {
  await askHost(
    'faulty',
    `useradd --create-home --shell /usr/sbin/nologin shut
cp -r /home/deploy/.ssh /home/shut/ && chown -R shut /home/shut/.ssh`,
  );
  const outcome = await plan(await writeInventory({faulty: HOST}, {user: 'shut'}));
  refused(t, outcome, [/shut has no shell to log in with/, /usermod --shell/]);
});

test('a mirror that cannot be reached: the name or proxy, and where it is said', async (t) => {
  const conf = '/etc/apt/apt.conf.d/99unreachable';
  await askHost('faulty', `echo 'Acquire::http::Proxy "http://198.18.0.1:9";' > ${conf}`);
  const site = await writeTemporary(
    'site.ts',
    `import {apt, play, playbook} from 'infra';
export default playbook('site', [play('web', {hosts: 'web'}, [apt('nano')])]);
`,
  );
  const outcome = await infra(['apply', '--yes', '--inventory', inventory, '--playbook', site]);
  refused(t, outcome, [/does not reach the proxy that apt uses, 198\.18\.0\.1:9/, /grep -ri proxy/]);
  await askHost('faulty', `rm ${conf}`);
});

test('a full disk: the old file stays whole and nothing half-written is left', async (t) => {
  await askHost(
    'faulty',
    'mkdir -p /srv/full && mount -t tmpfs -o size=1m tmpfs /srv/full && echo old > /srv/full/page',
  );
  const outcome = await infra(['apply', '--yes', '--inventory', inventory, '--playbook', playbook]);
  refused(t, outcome, [/file \/srv\/full\/page/, /[Nn]o space left/]);
  t.is(await askHost('faulty', 'cat /srv/full/page; ls -A /srv/full'), 'old\npage\n');
  await askHost('faulty', 'umount /srv/full');
});

test('a template with an unknown variable: the template, its line and the variable', async (t) => {
  const project = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  await mkdir(path.join(project, 'templates'));
  await writeFile(path.join(project, 'templates', 'motd.ejs'), 'Welcome\nto <%= hostnam %>\n');
  const file = path.join(project, 'site.ts');
  await writeFile(
    file,
    `import {play, playbook, template} from 'infra';
export default playbook('motd', [play('motd', {hosts: 'all'}, [
  template({path: '/etc/motd', source: '${project}/templates/motd.ejs', vars: {hostname: 'x'}}),
])]);
`,
  );
  const outcome = await infra(['plan', '--inventory', inventory, '--playbook', file]);
  refused(t, outcome, [/motd\.ejs:2/, /hostnam/]);
});

test('a playbook with a type error: the line, the column and the reason', async (t) => {
  const file = await writeTemporary(
    'site.ts',
    `import {play, playbook, service} from 'infra';
export default playbook('x', [play('x', {hosts: 'all'}, [service({nam: 'nginx'})])]);
`,
  );
  const outcome = await infra(['plan', '--inventory', inventory, '--playbook', file]);
  refused(t, outcome, [/site\.ts:2:\d+/, /nam/, /\^/]);
});

test('an inventory with a typo: the line, the column and the word meant', async (t) => {
  const file = await writeTemporary('hosts.yml', 'all:\n  hosts:\n    web1:\n      adress: 198.18.0.131\n');
  const outcome = await infra(['plan', '--inventory', file, '--playbook', playbook]);
  refused(t, outcome, [/hosts\.yml:4:7/, /adress/, /address/]);
});

test('a playbook that is not there: says what is', async (t) => {
  refused(t, await infra(['plan', '--inventory', inventory, '--playbook', 'playbooks/sit.ts']), [/playbooks\/sit\.ts/]);
});

test('apply without a terminal and without --yes: refused before any connection', async (t) => {
  refused(t, await infra(['apply', '--inventory', inventory, '--playbook', playbook]), [/no terminal/, /--yes/]);
});

test('a pattern that leaves no host is an error', async (t) => {
  refused(t, await infra(['plan', '--inventory', inventory, '--playbook', playbook, '--limit', 'wbe']), [/wbe/]);
});

function plan(file: string): Promise<Outcome> {
  return infra(['plan', '--inventory', file, '--playbook', playbook]);
}

/** Exit code 1, each of the texts, and never a stack trace. */
function refused(t: ExecutionContext, {code, stdout, stderr}: Outcome, texts: readonly RegExp[]): void {
  t.is(code, 1);
  const all = stdout + stderr;
  for (const text of texts) t.regex(all, text);
  t.notRegex(all, /^\s+at (async )?\S+ \(/m);
}
