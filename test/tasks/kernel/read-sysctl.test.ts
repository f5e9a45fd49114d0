import test from 'ava';
import fc from 'fast-check';
import {Unknown, UnreadableReply} from '../../../src/model/index.js';
import {parseSysctl, probeSysctl, settingsIn, spaced, sysctlPath} from '../../../src/tasks/kernel/read-sysctl.js';
import {runLocally} from '../local-shell.js';

const PATHS: readonly [string, string][] = [
  ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
  ['net/ipv4/ip_forward', '/proc/sys/net/ipv4/ip_forward'],
  ['net.ipv4.conf.eth0/1.rp_filter', '/proc/sys/net/ipv4/conf/eth0.1/rp_filter'],
  ['net/ipv4/conf/eth0.1/rp_filter', '/proc/sys/net/ipv4/conf/eth0.1/rp_filter'],
  ['kernel', '/proc/sys/kernel'],
];

for (const [name, path] of PATHS) test(`the kernel has ${name} at ${path}`, (t) => t.is(sysctlPath(name), path));

test('a name with dots and the same with slashes are one setting', (t) => {
  const part = fc.string({minLength: 1, unit: fc.constantFrom('a', '_', '1', '-')});
  fc.assert(
    fc.property(fc.array(part, {minLength: 2}), (parts) =>
      t.is(sysctlPath(parts.join('.')), sysctlPath(parts.join('/'))),
    ),
  );
});

test('white space within a value does not matter', (t) => {
  t.deepEqual(['4096\t87380\t6291456\n', ' 1 ', '', ' \t '].map(spaced), ['4096 87380 6291456', '1', '', '']);
});

const NAME = 'net.core.somaxconn';
const values = (lines: string, name = NAME) =>
  settingsIn(lines, name).map(({file, value}) => `${file.replace(/^.*\//, '')}=${value}`);

test('files take effect by their names, wherever they lie', (t) => {
  t.deepEqual(
    values(`/etc/sysctl.d/90-b.conf:${NAME} = 3
/etc/sysctl.d/10-a.conf:${NAME} = 1
/usr/lib/sysctl.d/50-c.conf:${NAME} = 2
/run/sysctl.d/99-z.conf:${NAME} = 4`),
    ['10-a.conf=1', '50-c.conf=2', '90-b.conf=3', '99-z.conf=4'],
  );
});

test('a file hides its namesake in a directory of less weight', (t) => {
  const order = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];
  for (const [index, directory] of order.entries()) {
    const lines = order
      .slice(index)
      .map((each) => `${each}/50-x.conf:${NAME}=${each === directory ? 'first' : 'hidden'}`);
    t.deepEqual(values(lines.reverse().join('\n')), ['50-x.conf=first'], directory);
  }
});

test('of two lines in one file the later one counts last', (t) => {
  t.deepEqual(values(`/etc/sysctl.d/a.conf:${NAME}=1\n/etc/sysctl.d/a.conf:${NAME}=2`), ['a.conf=1', 'a.conf=2']);
});

test('a key may be written in any way that means the setting, and no other key is taken', (t) => {
  const line = (key: string) => `/etc/sysctl.d/a.conf:${key} = 5 = 6`;
  for (const key of [NAME, 'net/core/somaxconn', `-${NAME}`, ` \t${NAME}`, `- ${NAME}`.replace(' ', '')])
    t.deepEqual(values(line(key)), ['a.conf=5 = 6'], key);
  for (const key of [`${NAME}x`, 'net.core', `#${NAME}`, `--${NAME}`, '']) t.deepEqual(values(line(key)), [], key);
  t.deepEqual(values(`${NAME} = 1\n/etc/sysctl.d/a.conf:${NAME}\n.conf:${NAME}=1`), [], 'no file or no value');
});

test('a file name may hold the separators', (t) => {
  t.deepEqual(settingsIn(`/etc/sysctl.d/a:b=c.conf:${NAME}=1`, NAME), [{file: '/etc/sysctl.d/a:b=c.conf', value: '1'}]);
});

const parse = (stdout: string, code = 0, stderr = '') => parseSysctl({code, stdout, stderr, truncated: false}, NAME);

test('what the kernel and the files say', (t) => {
  t.deepEqual(
    parse(`writable\n4096\t8\n# files\n/etc/sysctl.d/a.conf:${NAME}=1\n/etc/sysctl.d/b.conf:${NAME}=4096  8\n`),
    {
      ...{live: '4096 8', writable: true, persistent: '4096 8', source: '/etc/sysctl.d/b.conf'},
    },
  );
  t.deepEqual(parse('readonly\n1\n# files\n'), {live: '1', writable: false, persistent: undefined, source: undefined});
  t.deepEqual(parse('writable\n# files\n'), {live: '', writable: true, persistent: undefined, source: undefined});
  t.like(parse('writable\nline 1\nline 2\n# files\n'), {live: 'line 1 line 2'});
});

test('a setting that the kernel does not have is unknown, and what cannot be read is an error', (t) => {
  const found = parse('missing\n');
  t.true(
    found instanceof Unknown && found.because === `the kernel has no ${NAME}; a module may have to be loaded first`,
  );
  t.throws(() => parse('writable\n1\n', 1, 'cat: Permission denied\n'), {
    instanceOf: UnreadableReply,
    message: 'cat: Permission denied',
  });
  t.throws(() => parse('writable\n1\n# files\n', 1), {instanceOf: UnreadableReply});
  t.throws(() => parse('strange\n'), {instanceOf: UnreadableReply, message: 'strange'});
});

test('this machine answers the question', (t) => {
  const reply = runLocally(probeSysctl('kernel.ostype'));
  const found = parseSysctl(reply, 'kernel.ostype');
  t.like(found, {live: 'Linux', writable: false, persistent: undefined});
  t.is(runLocally(probeSysctl('kernel.no_such_setting')).stdout, 'missing\n');
});
