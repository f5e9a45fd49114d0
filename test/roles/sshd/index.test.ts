import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {sshd} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const SITE = 'all: {vars: {user: deploy}, hosts: {a: {address: 192.0.2.1}}}';
const FILE = 'guardedFile /etc/ssh/sshd_config.d/00-infra.conf';

const text = (options: Parameters<typeof sshd>[0], inventory = SITE, codename = 'trixie') =>
  written(compile(sshd(options), inventory, 'all', {codename}).get(FILE)).text;

test('only keys can log in, and comments have the reason and the source', (t) => {
  t.regex(
    text({}),
    /^# keys: passwords can be guessed.+\n# Source: .*CIS 5\.1\.19.*\nPubkeyAuthentication yes\nPasswordAuthentication no$/m,
  );
});

test('root can log in only where infra does, and only by key', (t) => {
  t.regex(text({}), /^PermitRootLogin no$/m);
  t.regex(text({}, SITE.replace('deploy', 'root')), /^PermitRootLogin prohibit-password$/m);
});

test('keywords that an older sshd does not know are left out', (t) => {
  t.regex(text({}), /^KexAlgorithms mlkem768x25519-sha256,/m);
  t.regex(text({}, SITE, 'bookworm'), /^KexAlgorithms sntrup761x25519-sha512@openssh\.com,curve25519-sha256,/m);
  t.notRegex(text({}, SITE, 'jammy'), /RequiredRSASize/);
  t.notRegex(text({unpunished: ['192.0.2.0/24']}, SITE, 'bookworm'), /PerSource/);
  t.regex(text({unpunished: ['192.0.2.0/24']}), /^PerSourcePenaltyExemptList 192\.0\.2\.0\/24$/m);
});

test('a rule is turned off by its name', (t) => {
  t.notRegex(text({without: ['forwarding']}), /AllowAgentForwarding|X11Forwarding/);
  const error = t.throws(() => sshd({without: ['forwardin']}), {instanceOf: InputError});
  t.is(error.diagnostics[0]?.hint, 'Did you mean "forwarding"?');
});

test("the user's own lines win, and Match blocks come last", (t) => {
  const lines = text({extra: ['MaxAuthTries 6', 'Match User backup', '  AllowTcpForwarding no']}).split('\n');
  t.deepEqual(
    lines.filter((line) => line.startsWith('MaxAuthTries')),
    ['MaxAuthTries 6'],
  );
  t.true(lines.indexOf('MaxAuthTries 6') < lines.indexOf('PubkeyAuthentication yes'));
  t.deepEqual(lines.slice(-3), ['Match User backup', '  AllowTcpForwarding no', '']);
});

test('ports are set only where the playbook sets them', (t) => {
  t.notRegex(text({}), /^Port/m);
  t.regex(text({ports: [22, 2222]}), /^Port 22\nPort 2222$/m);
});

test('allowUsers without the user of infra is refused before any connection', (t) => {
  const error = t.throws(() => compile(sshd({allowUsers: ['somebody']}), SITE), {instanceOf: InputError});
  t.true(error.message.includes('allowUsers does not have deploy'), error.message);
  t.regex(text({allowUsers: ['deploy@192.0.2.*', 'ann']}), /^AllowUsers deploy@192\.0\.2\.\* ann$/m);
});

test('a banner is a file of its own', (t) => {
  t.regex(text({}), /^Banner none$/m);
  const tasks = compile(sshd({banner: 'Private.'}), SITE);
  t.is(written(tasks.get('file /etc/ssh/infra-banner')).text, 'Private.\n');
  t.regex(written(tasks.get(FILE)).text, /^Banner \/etc\/ssh\/infra-banner$/m);
});
