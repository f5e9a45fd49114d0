import test from 'ava';
import {Content, type DistributionId, InputError} from '../../../src/model/index.js';
import {BASELINE_RULES, baseline} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const SITE = 'all: {hosts: {a: {address: 192.0.2.1}, b: {address: 192.0.2.2}, c: {address: 192.0.2.3}}}';
const TIMER = 'file /etc/systemd/system/apt-daily-upgrade.timer.d/60-infra.conf';
const UPDATES = 'file /etc/apt/apt.conf.d/52infra-unattended-upgrades';

function sysctl(options: Parameters<typeof baseline>[0]): string {
  const task = compile(baseline(options), SITE).get('sysctlFile /etc/sysctl.d/60-infra.conf');
  const reply = {code: 0, stdout: '# files\n# file\nabsent\n', stderr: '', truncated: false};
  const verdict = task?.open({templateDirectories: []}).judge(reply);
  const content = verdict?.type === 'change' ? verdict.diff.find(({name}) => name === 'content')?.after : undefined;
  return content instanceof Content ? String(content.bytes) : '';
}

test('every rule has a reason and a source, and a unique name', (t) => {
  const names = BASELINE_RULES.map(({name}) => name);
  t.is(new Set(names).size, names.length);
  for (const {name, why, source} of BASELINE_RULES) {
    t.regex(name, /^[a-z]+(\.[a-z_]+)?$/);
    t.true(why.length > 20 && source.length > 5, name);
  }
});

test('a rule is turned off by its name, and the others stay', (t) => {
  const all = compile(baseline(), SITE);
  const without = compile(baseline({without: ['files.cron', 'updates']}), SITE);
  const gone = [...all.keys()].filter((name) => !without.has(name));
  t.deepEqual(
    gone.filter((name) => !name.includes('cron') && !name.includes('apt') && !name.includes('unattended')),
    [],
  );
  t.true(gone.includes('permissions /etc/crontab') && gone.includes(TIMER) && gone.includes(UPDATES));
  t.true(without.has('permissions /etc/shadow'));
});

test('a kernel rule that is turned off is not in the file', (t) => {
  t.regex(sysctl({}), /^# sysctl\.rp_filter: .+\n# Source: RFC 3704.+\nnet\.ipv4\.conf\.all\.rp_filter = 2$/m);
  t.notRegex(sysctl({without: ['sysctl.rp_filter']}), /rp_filter/);
  t.false(compile(baseline({without: ['sysctl']}), SITE).has('sysctlFile /etc/sysctl.d/60-infra.conf'));
});

test('for a mistyped rule the message has the nearest one', (t) => {
  const error = t.throws(() => baseline({without: ['sysctl.rpfilter']}), {instanceOf: InputError});
  t.like(error.diagnostics, [
    {
      message: 'role baseline: the option "without[0]": there is no rule "sysctl.rpfilter"',
      hint: 'Did you mean "sysctl.rp_filter"?',
    },
  ]);
});

test('plans show the rule of each task', (t) => {
  const tasks = compile(baseline(), SITE);
  t.is(tasks.get('permissions /etc/crontab')?.label, 'files.cron');
  t.is(tasks.get(TIMER)?.label, 'updates.staggered');
});

test('no two hosts upgrade at the same time, and a new host does not move others', (t) => {
  const timeOf = (host: string, hosts: string) => {
    const tasks = compile(baseline(), `all: {hosts: {${hosts}}}\nown: {hosts: {${host}: {}}}`, 'own');
    return /OnCalendar=\*-\*-\* (\S+)/.exec(written(tasks.get(TIMER)).text)?.[1];
  };
  const three = 'lb1: {address: 192.0.2.1}, lb2: {address: 192.0.2.2}, web1: {address: 192.0.2.3}';
  const times = ['lb1', 'lb2', 'web1'].map((host) => timeOf(host, three));
  t.is(new Set(times).size, 3);
  t.deepEqual(
    ['lb1', 'lb2', 'web1'].map((host) => timeOf(host, `${three}, web2: {address: 192.0.2.4}`)),
    times,
  );
});

test('Debian and Ubuntu have different names for their security updates', (t) => {
  const text = (os: DistributionId) => written(compile(baseline(), SITE, 'all', {os}).get(UPDATES)).text;
  t.regex(text('debian'), /Origins-Pattern \{\n {2}"origin=Debian,codename=\$\{distro_codename\}-security/);
  t.regex(text('ubuntu'), /Allowed-Origins \{\n(.+\n)*? {2}"\$\{distro_id\}:\$\{distro_codename\}-security";\n/);
  // Without a semicolon after each value apt reads two of them as one.
  for (const os of ['debian', 'ubuntu'] as const) t.notRegex(text(os), /"\n/);
});
