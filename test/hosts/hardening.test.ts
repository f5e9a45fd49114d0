import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {connect} from 'node:net';
import {bareHosts} from '../support/hosts.js';
import {askHost, infra, mustRun, type TestHost, labTest as test, writeInventory} from '../support/lab.js';
import {announced, applied, tasksOf, truthful} from '../support/truth.js';

const HOSTS = {
  'hard-13': {address: '198.18.0.79', groups: ['any'], suite: 'trixie'},
  'hard-12': {address: '198.18.0.80', groups: ['any'], suite: 'bookworm'},
  'hard-sid': {address: '198.18.0.81', groups: ['any'], suite: 'sid'},
} as const satisfies Record<string, TestHost>;
const NAMES = Object.keys(HOSTS);
/** Lines of `sshd -T`, in lower case. OpenSSH 10.6 writes `false` for one of them. */
const SSHD = [
  ...['pubkeyauthentication yes', 'passwordauthentication no', 'kbdinteractiveauthentication no'],
  ...['permitemptypasswords no', 'permitrootlogin no', 'requiredrsasize 2048', 'hostbasedauthentication no'],
  ...['ignorerhosts yes', 'ignoreuserknownhosts yes', 'strictmodes yes', 'permituserenvironment no'],
  ...['logingracetime 30', 'maxauthtries 4', 'maxstartups 10:30:60', 'maxsessions 10', 'clientaliveinterval 300'],
  ...['clientalivecountmax 2', 'tcpkeepalive no', 'allowagentforwarding no', 'x11forwarding no', 'permittunnel no'],
  ...['gatewayports no', 'loglevel verbose', 'banner none'],
];
const SSHD_SAYS = "sshd -T | tr '[:upper:]' '[:lower:]' | sed 's/ false$/ no/'";
const PLAYBOOK = ['--playbook', 'test/hosts/playbooks/hardening.ts'];

let args: readonly string[] = [];

test.before(async () => {
  args = [...PLAYBOOK, '--inventory', await bareHosts(HOSTS)];
});

test('bare hosts are hardened as planned, and nothing is left to do', async (t) => {
  truthful(t, await announced(args), await applied(args));
  const plan = await infra(['plan', '--detailed-exitcode', ...args]);
  t.is(plan.code, 0, plan.stdout + plan.stderr);
});

test('sshd itself says that it keeps to the rules, on every release', async (t) => {
  for (const host of NAMES) {
    const says = (await askHost(host, SSHD_SAYS)).split('\n');
    t.deepEqual(
      SSHD.filter((line) => !says.includes(line)),
      [],
      host,
    );
    const spoken = says.filter((line) => /^(kexalgorithms|ciphers|macs) /.test(line)).join('\n');
    t.notRegex(spoken, /sha1|diffie-hellman|nistp|umac-64|cbc|3des|hmac-sha2-256,|hmac-sha2-512,/, host);
  }
});

test('strangers do not learn the patch level', async (t) => {
  for (const {address} of Object.values(HOSTS)) {
    const socket = connect(22, address);
    const [hello] = await once(socket.setEncoding('utf8'), 'data');
    socket.destroy();
    t.regex(hello, /^SSH-2\.0-OpenSSH_[\d.p]+\r\n$/);
  }
});

const NEXT = '-- next --';

/** A question to the system itself, and what it must answer on every release. */
const RULES: readonly [title: string, question: string, answer: RegExp][] = [
  ['redirects and source routes are refused on every interface', interfaces('4', 'accept_redirects'), /^0\n$/],
  ['so are those of IPv6', interfaces('6', 'accept_redirects'), /^0\n$/],
  ['no redirects are sent', interfaces('4', 'send_redirects'), /^0\n$/],
  ['the way back to an address is checked', interfaces('4', 'rp_filter'), /^2\n$/],
  ['TCP is protected', 'sysctl -n net.ipv4.tcp_syncookies net.ipv4.tcp_rfc1337', /^1\n1\n$/],
  ['what a container cannot set is set at the next boot', 'grep -h ^kernel.kptr /etc/sysctl.d/*', /= 2\n$/],
  ['passwords are read by root alone', modes('/etc/shadow /etc/gshadow'), /^(640 root:shadow\n){2}$/],
  [
    'cron is read by root alone',
    modes('/etc/crontab /etc/cron.d /etc/cron.daily'),
    /^600 root:root\n(700 root:root\n){2}$/,
  ],
  ['nobody else reads how to get in', modes('/etc/ssh/sshd_config /etc/ssh/ssh_host_*_key'), /^(600 root:root\n){4}$/],
  ['no set-user-ID for host-based logins', 'find /usr/lib/openssh -perm -4000', /^$/],
  ['unused protocols are not loaded', 'modprobe --dry-run --verbose sctp 2>&1 || :', /install \/bin\/false/],
  ['no core files', 'ulimit -Hc', /^0\n$/],
  ['the journal is limited', 'systemd-analyze cat-config systemd/journald.conf | grep ^SystemMaxUse', /=1G\n$/],
  [
    'only security updates come by themselves',
    'unattended-upgrade --dry-run -v 2>&1 | grep Allowed',
    /^Allowed origins are: (origin=Debian,codename=\w+(-security)?,label=Debian-Security,? ?)+$/m,
  ],
  [
    'and no reboot, and no database',
    'apt-config dump | grep -E "Automatic-Reboot |Blacklist::"',
    /\^mariadb.*\n.*\^mysql.*\n.*Reboot "false";\n$/,
  ],
  [
    'updates and clock are switched on',
    'systemctl is-enabled apt-daily-upgrade.timer systemd-timesyncd',
    /^enabled\nenabled\n$/,
  ],
  ['new homes are private', 'useradd -m guest && stat -c %a /home/guest && userdel -r guest 2>/dev/null', /^700\n$/],
];

test('the system itself says that it keeps to the rules, on every release', async (t) => {
  for (const host of NAMES) {
    const script = RULES.map(([, question]) => `${question}\necho '${NEXT}'\n`);
    const answers = (await askHost(host, script.join(''))).split(`${NEXT}\n`);
    for (const [index, [title, , answer]] of RULES.entries())
      t.regex(answers[index] ?? '', answer, `${host}: ${title}`);
  }
});

test('no two hosts take their updates at the same time', async (t) => {
  const question = 'systemctl show --property=TimersCalendar apt-daily-upgrade.timer | grep -o "OnCalendar=[^;]*"';
  const times = await Promise.all(NAMES.map((host) => askHost(host, question)));
  t.is(new Set(times).size, NAMES.length, times.join());
});

/** What is broken, and the task that fixes it. */
const DRIFT: readonly [breaking: string, fixing: string][] = [
  ['sysctl -qw net.ipv4.conf.host0.rp_filter=0', 'sysctlFile /etc/sysctl.d/60-infra.conf'],
  ['chmod 0644 /etc/shadow', 'permissions /etc/shadow'],
  ['chown nobody /etc/cron.d', 'permissions /etc/cron.d'],
  ['echo localhost >/etc/hosts.equiv', 'file /etc/hosts.equiv'],
  ['rm /etc/modprobe.d/infra-protocols.conf', 'file /etc/modprobe.d/infra-protocols.conf'],
  [': >/etc/systemd/journald.conf.d/60-infra.conf', 'file /etc/systemd/journald.conf.d/60-infra.conf'],
  ['rm /etc/apt/apt.conf.d/52infra*', 'file /etc/apt/apt.conf.d/52infra-unattended-upgrades'],
  ['systemctl disable -q --now apt-daily-upgrade.timer', 'service apt-daily-upgrade.timer'],
  ['echo >>/etc/ssh/sshd_config.d/00-infra.conf', 'guardedFile /etc/ssh/sshd_config.d/00-infra.conf'],
  ['chmod 0644 /etc/ssh/sshd_config', 'permissions /etc/ssh/sshd_config'],
];

test('drifts are planned and fixed, each by its own task, and nothing else is done', async (t) => {
  await askHost('hard-13', DRIFT.map(([breaking]) => breaking).join('\n'));
  const plan = await announced(args);
  const done = await applied(args);
  truthful(t, plan, done);
  t.deepEqual(tasksOf(done).sort(), DRIFT.map(([, fixing]) => `hard-13 ${fixing}`).sort());
});

test('a change of sshd is made without ending a session', async (t) => {
  const session = spawn(process.execPath, ['bin/infra', 'lab', 'ssh', 'hard-13', 'cat']);
  const answers = session.stdout.setEncoding('utf8');
  session.stdin.write('before\n');
  t.deepEqual(await once(answers, 'data'), ['before\n']);
  await mustRun(['apply', '--yes', ...(await hostsWith([{extra: ['MaxAuthTries 5']}]))]);
  t.regex(await askHost('hard-13', SSHD_SAYS), /^maxauthtries 5$/m);
  session.stdin.end('after\n');
  t.deepEqual(await once(answers, 'data'), ['after\n']);
  t.deepEqual(await once(session, 'close'), [0, null]);
});

test('a rule that is turned off leaves sshd as it was, and the others stay', async (t) => {
  await mustRun(['apply', '--yes', ...(await hostsWith([{without: ['forwarding']}]))]);
  t.regex(await askHost('hard-13', SSHD_SAYS), /^maxauthtries 4\n(.*\n)*allowagentforwarding yes$/m);
  await mustRun(['apply', '--yes', ...args]);
});

/** Three at a time, one a host. */
const WRONG: readonly [options: object, said: RegExp][] = [
  [{ports: [2222]}, /could not be reached over a new connection/],
  [{extra: ['ListenAddress 127.0.0.1']}, /could not be reached over a new connection/],
  [{extra: ['ListenAddress 192.0.2.99']}, /could not be reached over a new connection/],
  [{extra: ['DenyUsers deploy']}, /could not be reached over a new connection/],
  [{allowGroups: ['nobody-at-all']}, /could not be reached over a new connection/],
  [{extra: ['AuthorizedKeysFile /etc/ssh/keys/%u']}, /could not be reached over a new connection/],
  [{extra: ['KexAlgorithms sntrup761x25519-sha512@openssh.com']}, /could not be reached over a new connection/],
  [{extra: ['Ciphers aes128-ctr', 'MACs umac-128-etm@openssh.com']}, /could not be reached over a new connection/],
  [{extra: ['HostKeyAlgorithms sk-ssh-ed25519@openssh.com']}, /could not be reached over a new connection/],
  [{extra: ['PubkeyAuthentication no']}, /would refuse the login of deploy.*PubkeyAuthentication/],
  [{extra: ['ForceCommand /bin/false']}, /would refuse the login of deploy.*ForceCommand/],
  [{extra: ['NoSuchOption yes']}, /Bad configuration option/],
];

for (let first = 0; first < WRONG.length; first += NAMES.length) {
  const round = WRONG.slice(first, first + NAMES.length);
  const options = round.map(([each]) => each);
  test(`hosts can be reached again after ${options.map((each) => JSON.stringify(each)).join(' and ')}`, async (t) => {
    const {code, stdout, stderr} = await infra(['apply', '--yes', ...(await hostsWith(options))]);
    t.is(code, 1, stdout + stderr);
    const failures = `${stdout}${stderr}`.split(/^✗ (?=\S+: )/m).map((text) => text.replace(/\s+/g, ' '));
    for (const [index, [, said]] of round.entries()) {
      t.regex(failures.find((text) => text.startsWith(`${NAMES[index]}: `)) ?? '', said, stdout);
    }
    // Over connections of their own, so this shows that the hosts are reachable and unchanged.
    const plan = await infra(['plan', '--detailed-exitcode', ...args]);
    t.is(plan.code, 0, plan.stdout + plan.stderr);
  });
}

/** The arguments for an inventory in which each host has options for sshd of its own. */
async function hostsWith(options: readonly object[]): Promise<readonly string[]> {
  const hosts = Object.entries<TestHost>(HOSTS).slice(0, options.length);
  const own = hosts.map(([name, host], index) => [name, {...host, vars: {sshd: options[index]}}]);
  return [...PLAYBOOK, '--inventory', await writeInventory(Object.fromEntries(own))];
}

/** The values that a setting has on the interfaces of a host, each once. */
function interfaces(version: '4' | '6', name: string): string {
  return `cat /proc/sys/net/ipv${version}/conf/*/${name} | sort -u`;
}

function modes(files: string): string {
  return `stat -c '%a %U:%G' ${files}`;
}
