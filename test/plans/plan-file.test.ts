import test from 'ava';
import type {Diff, PlannedVerdict} from '../../src/model/index.js';
import {FORMAT_VERSION, isReadable} from '../../src/plans/format.js';
import {keyCheck, type PlanContent, type PlanRecord, parsePlan, renderPlanFile} from '../../src/plans/index.js';
import {digest} from './planned.js';

const MODE: Diff = {kind: 'value', name: 'mode', before: '0600', after: '0644'};
const OWNER: Diff = {kind: 'value', name: 'owner', before: 'a', after: 'b'};

const change = (...diff: readonly Diff[]): PlannedVerdict => ({
  type: 'change',
  action: 'update',
  diff,
  commands: ['true'],
});

function host(name: string, ...verdicts: readonly PlannedVerdict[]): PlanRecord['hosts'][number] {
  const tasks = verdicts.map((verdict, index) => ({play: 'web', type: 'file', id: `/${index}`, verdict}));
  return {host: {name, address: '192.0.2.1'}, tasks, handlers: []};
}

function content(...hosts: PlanRecord['hosts']): PlanContent {
  return {
    infraVersion: '0.1.0',
    id: '6f0d1a52-6a53-4f9c-9f6d-0d5c5e3f6a10',
    madeAt: '2026-01-02T03:04:05.678Z',
    madeBy: 'alice@laptop',
    options: {playbook: 'site.ts', tags: ['a'], limit: 3, check: false},
    files: [{path: 'site.ts', role: 'playbook', digest: 'x'}],
    counts: {update: 1},
    plan: {playbook: 'site', hosts, contents: {}},
  };
}

const render = (...hosts: PlanRecord['hosts']) => renderPlanFile(content(...hosts), digest);

/** A file that a test spoils. */
interface FileText {
  plan: object;
  seal?: string;
}

/** A file with something in it replaced. */
const edited = (change: (file: FileText) => void) => {
  const file = JSON.parse(render(host('web1', change0)));
  change(file);
  return JSON.stringify(file);
};

const change0 = change(MODE);

test('a plan is read as it was written, in the format of this version', (t) => {
  const wholes = [
    host('web1', change(MODE, OWNER), {type: 'unchanged'}),
    host('web2', {type: 'unknown', because: 'x'}),
  ];
  const {plan} = parsePlan(render(...wholes), 'site.plan');
  const {format, formatVersion, keyCheck: check, seal, ...rest} = plan;
  t.deepEqual(rest, content(...wholes));
  t.deepEqual([format, formatVersion, check], ['infra-plan', FORMAT_VERSION, keyCheck(digest)]);
  t.regex(seal, /^[0-9a-f]{32}$/);
});

test('each diff is held once, and every task that has it gets it back', (t) => {
  const hosts = ['web1', 'web2', 'web3'].map((name) => host(name, change(MODE), change(OWNER, MODE)));
  const text = render(...hosts);
  t.deepEqual(JSON.parse(text).plan.diffs, [MODE, OWNER]);
  t.deepEqual(parsePlan(text, 'f').plan.plan.hosts, hosts);
});

test('a text ends with a line break and begins with what it is', (t) => {
  t.regex(render(), /^\{\n {2}"format": "infra-plan",\n {2}"formatVersion": "\d+\.\d+",\n/);
  t.true(render().endsWith('\n}\n'));
});

test('the seal holds whatever changes, also a field that this version does not know', (t) => {
  const sealed = (text: string) => parsePlan(text, 'f').isSealedBy(digest);
  t.true(sealed(edited(() => {})));
  t.false(sealed(edited((file) => Object.assign(file, {madeBy: 'bob@laptop'}))));
  t.false(sealed(edited((file) => Object.assign(file, {later: true}))));
  t.false(sealed(edited((file) => Object.assign(file, {seal: '0'.repeat(32)}))));
});

const WRONG: readonly (readonly [string, (file: FileText) => void, string])[] = [
  ['a list of hosts that is none', (file) => Object.assign(file.plan, {hosts: {}}), 'plan.hosts'],
  ['an id that is not a UUID', (file) => Object.assign(file, {id: '../x'}), 'id'],
  ['a missing seal', (file) => delete file.seal, 'seal'],
  [
    'a role of a file that does not exist',
    (file) => Object.assign(file, {files: [{path: 'a', role: 'b', digest: 'c'}]}),
    'files.0.role',
  ],
  ['a diff that the file lacks', (file) => Object.assign(file.plan, {diffs: []}), 'plan.diffs'],
];

for (const [what, act, where] of WRONG) {
  test(`a plan with ${what} is damaged, and the place is named`, (t) =>
    void t.throws(() => parsePlan(edited(act), 'site.plan'), {
      message: `the plan site.plan is damaged: ${where} is missing or wrong`,
    }));
}

const REFUSED: readonly (readonly [string, string, string])[] = [
  ['no JSON', 'hello', 'site.plan is not a saved plan'],
  ['another JSON', '[]', 'site.plan is not a saved plan'],
  ['null', 'null', 'site.plan is not a saved plan'],
  ['another format', '{"format": "terraform"}', 'site.plan is not a saved plan'],
  ['a beginning', '{"format":"infra-plan","formatV', 'the plan site.plan is damaged: it is incomplete'],
  [
    'a newer format',
    '{"format": "infra-plan", "formatVersion": "3.0"}',
    `site.plan has format 3.0; this version of infra reads ${FORMAT_VERSION}`,
  ],
  [
    'an older format',
    '{"format": "infra-plan", "formatVersion": "1.9"}',
    `site.plan has format 1.9; this version of infra reads ${FORMAT_VERSION}`,
  ],
  ['no version', '{"format": "infra-plan"}', 'the plan site.plan is damaged: formatVersion is missing or wrong'],
];

for (const [what, text, message] of REFUSED) {
  test(`a file with ${what} is refused: ${message}`, (t) =>
    void t.throws(() => parsePlan(text, 'site.plan'), {name: 'InputError', message}));
}

test('minor versions can be read, other major ones cannot', (t) => {
  const major = Number.parseInt(FORMAT_VERSION, 10);
  t.deepEqual([`${major}.0`, `${major}.17`, `${major + 1}.0`, `${major - 1}.9`, ''].map(isReadable), [
    ...[true, true],
    ...[false, false, false],
  ]);
});
