import test from 'ava';
import {UnreadableReply} from '../../../src/model/index.js';
import {installProbe, parseReport} from '../../../src/tasks/apt/probe.js';
import {type AptSpec, withDefaults} from '../../../src/tasks/apt/spec.js';
import {desiredPackages, offerOf, presentPackages} from '../../../src/tasks/apt/state.js';
import {runLocally} from '../local-shell.js';

const report = (stdout: string) => parseReport({code: 0, stdout, stderr: '', truncated: false});

const DPKG = 'dpkg:amd64 installed 1.22.21\n';

const POLICY = `# policy
nginx:
  Installed: (none)
  Candidate: 1.26.3-3
  Version table:
     1.26.3-3 500
        500 http://mirror.example.org/debian trixie/main amd64 Packages
     1.22.1-9 -10
        100 /var/lib/dpkg/status
mail-transport-agent:
  Installed: (none)
  Candidate: (none)
  Version table:
`;

test('what dpkg and apt say is read', (t) => {
  const found = report(`
${DPKG}nginx:amd64 config-files 1.22.1-9
curl:amd64 half-configured 8.14
# others
installed default-mta, mail-transport-agent (= 1.2), foo:any
${POLICY}# lists
fresh
`);
  t.is(found.architecture, 'amd64');
  t.deepEqual(
    found.packages.map(({name, status, version}) => `${name} ${status} ${version}`),
    ['dpkg:amd64 installed 1.22.21', 'nginx:amd64 config-files 1.22.1-9', 'curl:amd64 half-configured 8.14'],
  );
  t.deepEqual([...found.provided], ['default-mta', 'mail-transport-agent', 'foo']);
  t.deepEqual(found.offers.get('nginx'), {candidate: '1.26.3-3', versions: ['1.26.3-3', '1.22.1-9']});
  t.deepEqual(found.offers.get('mail-transport-agent'), {candidate: undefined, versions: []});
  t.deepEqual([found.lists, found.interrupted, found.removals], ['fresh', false, []]);
});

test('a run of dpkg that was cut off is seen in every way that dpkg shows it', (t) => {
  for (const line of ['half-installed', 'half-configured x', 'unpacked', 'triggers-awaited', 'interrupted'])
    t.true(report(`${DPKG}# others\n${line}\n`).interrupted, line);
  for (const line of ['', 'installed half-life', 'installed x, unpacked'])
    t.false(report(`${DPKG}# others\n${line}\n`).interrupted, line);
});

test('what goes or comes with a removal is listed', (t) => {
  t.deepEqual(report(`${DPKG}# removal\nReading lists\nRemv nginx [1.26]\nPurg a [1]\nInst b (2)\nConf b\n`).removals, [
    'nginx',
    'a',
    'b',
  ]);
});

test('an answer without dpkg itself says nothing about any package', (t) => {
  t.throws(
    () => parseReport({code: 1, stdout: 'nginx:amd64 installed 1\n', stderr: 'no database\n', truncated: false}),
    {
      instanceOf: UnreadableReply,
      message: 'dpkg-query does not list dpkg itself: no database',
    },
  );
});

test("an offer is found for the host's own architecture, named or not", (t) => {
  const found = report(`${DPKG}${POLICY}`);
  t.is(offerOf('nginx:amd64', found)?.candidate, '1.26.3-3');
  t.is(offerOf('nginx:i386', found), undefined);
});

test('where everything is installed, the host is asked nothing but what dpkg knows', (t) => {
  const reply = runLocally(installProbe(withDefaults({packages: 'dpkg=1.*'})));
  t.is(reply.code, 0, reply.stderr);
  t.notRegex(reply.stdout, /^# /m);
  t.like(parseReport(reply).packages[0], {status: 'installed'});
});

/** What differs, as `PACKAGE: NOW -> DESIRED`. */
function plan(spec: AptSpec, stdout: string): readonly string[] {
  const ready = withDefaults(spec);
  const present = presentPackages(report(`${DPKG}${stdout}`), ready);
  if (present === null) return [];
  const desired = Object.entries(desiredPackages(ready, present));
  return desired
    .filter(([name, value]) => present[name] !== value)
    .map(([name, value]) => `${name}: ${present[name]} -> ${value}`);
}

const FRESH = `${POLICY}# lists\nfresh\n`;
const nginx = (version = '1.22.1-9', status = 'installed') => `nginx:amd64 ${status} ${version}\n`;

const PLANS: readonly [string, AptSpec, string, readonly string[]][] = [
  ['a missing package comes in the version that apt offers', {packages: 'nginx'}, FRESH, ['nginx: absent -> 1.26.3-3']],
  [
    'with old lists no version is promised',
    {packages: 'nginx'},
    `${POLICY}# lists\nstale\n`,
    ['nginx: absent -> installed'],
  ],
  ['an installed one is not upgraded', {packages: 'nginx'}, nginx() + FRESH, []],
  ['a package for all architectures is one', {packages: 'nginx'}, 'nginx:all installed 1\n', []],
  [
    'one of another architecture is not',
    {packages: 'nginx:i386'},
    nginx() + FRESH,
    ['nginx:i386: absent -> installed'],
  ],
  [
    'configuration that was left is not a package',
    {packages: 'nginx'},
    nginx('1', 'config-files') + FRESH,
    ['nginx: absent -> 1.26.3-3'],
  ],
  [
    'a package between two states is fixed',
    {packages: 'nginx'},
    nginx('1', 'half-installed') + FRESH,
    ['nginx: half-installed -> installed'],
  ],
  ['a version that fits stays', {packages: 'nginx=1.22.*'}, nginx(), []],
  ['another version is replaced', {packages: 'nginx=1.26.*'}, nginx(), ['nginx: 1.22.1-9 -> 1.26.*']],
  [
    'the newest is what apt offers',
    {packages: 'nginx', state: 'latest'},
    nginx() + FRESH,
    ['nginx: 1.22.1-9 -> 1.26.3-3'],
  ],
  [
    'old lists are refreshed to know the newest',
    {packages: 'nginx', state: 'latest'},
    `${nginx()}${POLICY}# lists\nstale\n`,
    ['nginx: 1.22.1-9 -> latest', 'package lists: stale -> fresh'],
  ],
  ['a removed one is absent', {packages: 'nginx', state: 'absent'}, nginx('1', 'config-files'), []],
  ['one that is there goes', {packages: 'nginx', state: 'absent'}, nginx(), ['nginx: installed -> absent']],
  [
    'a run of dpkg that was cut off is completed first',
    {packages: 'nginx'},
    `# others\ninterrupted\n${FRESH}`,
    ['nginx: absent -> 1.26.3-3', 'dpkg run: interrupted -> complete'],
  ],
  ['and left alone where nothing has to change', {packages: 'nginx'}, `${nginx()}# others\ninterrupted\n`, []],
  [
    'a name that an installed package provides is installed',
    {packages: 'mail-transport-agent'},
    `# others\ninstalled default-mta, mail-transport-agent\n${FRESH}`,
    [],
  ],
  [
    'a package that exists itself is wanted itself',
    {packages: 'nginx'},
    `# others\ninstalled nginx\n${FRESH}`,
    ['nginx: absent -> 1.26.3-3'],
  ],
];

for (const [title, spec, stdout, expected] of PLANS)
  test(`packages that differ: ${title}`, (t) => t.deepEqual(plan(spec, stdout), expected));
