import {spawnSync} from 'node:child_process';
import test from 'ava';
import {linesOf, SSHD_RULES, type SshdFacts} from '../../../src/roles/sshd/rules.js';

const FACTS: SshdFacts = {openssh: [10, 0], asRoot: false, banner: false, ownSettings: {DebianBanner: 'no'}};

const settingsOf = (facts: Partial<SshdFacts> = {}) =>
  Object.assign({}, ...SSHD_RULES.map((rule) => rule.settings({...FACTS, ...facts}))) as Record<
    string,
    string | number
  >;

test('no keyword is set by two rules, as sshd takes the first', (t) => {
  const keywords = SSHD_RULES.flatMap((rule) => Object.keys(rule.settings(FACTS)));
  t.is(new Set(keywords).size, keywords.length);
  t.is(new Set(SSHD_RULES.map(({name}) => name)).size, SSHD_RULES.length);
});

test('nobody logs in with a password, in no way', (t) => {
  t.like(settingsOf(), {
    ...{PubkeyAuthentication: 'yes', PasswordAuthentication: 'no', KbdInteractiveAuthentication: 'no'},
    ...{PermitEmptyPasswords: 'no', HostbasedAuthentication: 'no'},
  });
});

test('root logs in by key only where infra does', (t) => {
  t.is(settingsOf().PermitRootLogin, 'no');
  t.is(settingsOf({asRoot: true}).PermitRootLogin, 'prohibit-password');
});

test('what the benchmarks ask for is set', (t) => {
  t.like(settingsOf(), {
    ...{IgnoreRhosts: 'yes', IgnoreUserKnownHosts: 'yes', StrictModes: 'yes', PermitUserEnvironment: 'no'},
    ...{AllowAgentForwarding: 'no', X11Forwarding: 'no', PermitTunnel: 'no', GatewayPorts: 'no', TCPKeepAlive: 'no'},
    ...{LogLevel: 'VERBOSE', DebianBanner: 'no', RequiredRSASize: 2048},
  });
  t.true(Number(settingsOf().LoginGraceTime) <= 60 && Number(settingsOf().MaxAuthTries) <= 4, 'CIS 5.1.13 and 5.1.16');
  t.true(Number(settingsOf().ClientAliveInterval) * Number(settingsOf().ClientAliveCountMax) <= 900);
});

test('a text before the login is shown only where there is one', (t) => {
  t.is(settingsOf().Banner, 'none');
  t.is(settingsOf({banner: true}).Banner, '/etc/ssh/infra-banner');
});

const VERSIONS: readonly [SshdFacts['openssh'], string, boolean][] = [
  [[8, 9], 'sntrup761x25519-sha512@openssh.com', false],
  [[9, 0], 'sntrup761x25519-sha512@openssh.com', false],
  [[9, 1], 'sntrup761x25519-sha512@openssh.com', true],
  [[9, 8], 'sntrup761x25519-sha512@openssh.com', true],
  [[9, 9], 'mlkem768x25519-sha256', true],
  [[10, 0], 'mlkem768x25519-sha256', true],
];

for (const [openssh, first, size] of VERSIONS)
  test(`OpenSSH ${openssh.join('.')} gets only names that it knows`, (t) => {
    const settings = settingsOf({openssh});
    t.is(String(settings.KexAlgorithms).split(',')[0], first);
    t.is('RequiredRSASize' in settings, size);
  });

test('algorithms are named once, and none has SHA-1, MD5, CBC or a group of its own', (t) => {
  const {KexAlgorithms, Ciphers, MACs} = settingsOf();
  for (const list of [KexAlgorithms, Ciphers, MACs].map(String)) {
    t.notRegex(list, /sha1(?!\d)|md5|cbc|3des|arcfour|diffie-hellman|nistp/);
    t.notRegex(list, /\s/, 'one word for sshd');
    t.is(new Set(list.split(',')).size, list.split(',').length);
  }
  t.true(
    String(MACs)
      .split(',')
      .every((mac) => mac.includes('-etm@')),
    'only MACs over the ciphertext',
  );
});

test('OpenSSH knows every algorithm by its name', (t) => {
  const settings = settingsOf({openssh: [8, 9]});
  for (const [kind, list] of [
    ['kex', settings.KexAlgorithms],
    ['cipher', settings.Ciphers],
    ['mac', settings.MACs],
  ] as const) {
    const {status, stdout} = spawnSync('ssh', ['-Q', kind], {encoding: 'utf8'});
    if (status !== 0) return t.pass('there is no OpenSSH on this machine');
    t.deepEqual(
      String(list)
        .split(',')
        .filter((name) => !stdout.split('\n').includes(name)),
      [],
    );
  }
  return undefined;
});

const root = SSHD_RULES.filter(({name}) => name === 'root');
const log = SSHD_RULES.filter(({name}) => name === 'log');

test('a rule is its reason, its source and its lines', (t) => {
  for (const rule of log)
    t.is(
      linesOf(rule, FACTS, []),
      `
# log: the journal names the key of each login.
# Source: CIS 5.1.14, dev-sec sshd-13.
LogLevel VERBOSE
`,
    );
  t.is(log.length, 1);
});

test('a keyword that the user sets is left to the user, in any case of its letters', (t) => {
  for (const rule of [...root, ...log]) t.is(linesOf(rule, FACTS, ['permitrootlogin', 'loglevel']), '', rule.name);
  const keys = SSHD_RULES.find(({name}) => name === 'keys');
  const lines = keys ? linesOf(keys, FACTS, ['passwordauthentication']) : '';
  t.false(lines.includes('\nPasswordAuthentication'));
  t.true(lines.includes('\nPubkeyAuthentication yes\n'));
});

test('a rule that has nothing to set on a version writes no comment either', (t) => {
  const size = SSHD_RULES.find(({name}) => name === 'rsa_size');
  t.is(size && linesOf(size, {...FACTS, openssh: [9, 0]}, []), '');
});
