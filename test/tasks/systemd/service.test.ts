import test from 'ava';
import {service} from '../../../src/tasks/index.js';

interface Unit {
  readonly UnitFileState?: string;
  readonly ActiveState?: string;
  readonly LoadState?: string;
  readonly SubState?: string;
  readonly IsEnabled?: string;
  readonly NeedDaemonReload?: string;
}

const ON: Unit = {LoadState: 'loaded', UnitFileState: 'enabled', ActiveState: 'active', SubState: 'running'};

type Spec = Omit<Parameters<typeof service>[0], 'name'>;

/** What the plan for a unit is: the commands that people see, none when it is as desired, or why it is unknown. */
function plan(unit: Unit, spec: Spec = {}): readonly string[] | string {
  const stdout = Object.entries({Id: 'app.service', NeedDaemonReload: 'no', ...ON, ...unit}).map(
    ([name, value]) => `${name}=${value}\n`,
  );
  const verdict = service({name: 'app', ...spec})
    .open({templateDirectories: []})
    .judge({code: 0, stdout: stdout.join(''), stderr: '', truncated: false});
  if (verdict.type === 'unchanged') return [];
  return verdict.type === 'change'
    ? verdict.commands.map((each) => String(each).replace(/ app\.service$/, ''))
    : verdict.because;
}

/** `systemctl is-enabled`: each state, and what enabling and disabling take. */
const STATES: readonly [string, readonly string[], readonly string[]][] = [
  ['enabled', [], ['systemctl disable']],
  ['disabled', ['systemctl enable'], []],
  ['enabled-runtime', ['systemctl enable'], []],
  ['linked', ['systemctl enable'], []],
  ['static', [], []],
  ['indirect', [], []],
  ['transient', [], []],
  ['generated', [], []],
  ['alias', [], []],
  ['', [], []],
];

for (const [UnitFileState, enable, disable] of STATES)
  test(`a unit whose file is "${UnitFileState}"`, (t) => {
    t.deepEqual(plan({UnitFileState}, {running: 'any'}), enable);
    t.deepEqual(plan({UnitFileState}, {running: 'any', enabled: false}), disable);
    t.deepEqual(plan({UnitFileState}, {running: 'any', enabled: 'any'}), []);
  });

test('an init script is enabled where systemctl says so', (t) => {
  const generated = (IsEnabled: string, enabled: boolean) => plan({UnitFileState: 'generated', IsEnabled}, {enabled});
  t.deepEqual(generated('enabled', true), []);
  t.deepEqual(generated('disabled', true), ['systemctl enable']);
  t.deepEqual(generated('enabled', false), ['systemctl disable']);
  t.deepEqual(generated('disabled', false), []);
});

const ACTIVE: readonly [Unit, readonly string[], readonly string[]][] = [
  [{ActiveState: 'active'}, [], ['systemctl stop']],
  [{ActiveState: 'reloading'}, [], ['systemctl stop']],
  [{ActiveState: 'refreshing'}, [], ['systemctl stop']],
  [{ActiveState: 'inactive'}, ['systemctl start'], []],
  [{ActiveState: 'failed'}, ['systemctl reset-failed', 'systemctl start'], []],
  [{ActiveState: 'activating', SubState: 'start'}, ['systemctl reset-failed', 'systemctl start'], ['systemctl stop']],
  [
    {ActiveState: 'activating', SubState: 'auto-restart'},
    ['systemctl reset-failed', 'systemctl start'],
    ['systemctl stop'],
  ],
  [{ActiveState: 'deactivating'}, ['systemctl reset-failed', 'systemctl start'], ['systemctl stop']],
];

for (const [unit, start, stop] of ACTIVE)
  test(`a unit that is ${unit.ActiveState} ${unit.SubState ?? ''}`.trim(), (t) => {
    t.deepEqual(plan(unit), start);
    t.deepEqual(plan(unit, {running: false, enabled: 'any'}), stop);
    t.deepEqual(plan(unit, {running: 'any'}), []);
  });

test('a masked unit is unmasked only where something is desired of it', (t) => {
  const masked: Unit = {LoadState: 'masked', UnitFileState: 'masked', ActiveState: 'inactive'};
  t.deepEqual(plan(masked), ['systemctl unmask', 'systemctl enable', 'systemctl start']);
  t.deepEqual(plan(masked, {running: 'any'}), ['systemctl unmask', 'systemctl enable']);
  t.deepEqual(plan(masked, {enabled: false, running: false}), []);
  t.deepEqual(plan(masked, {enabled: 'any', running: 'any'}), []);
  t.deepEqual(plan({...masked, UnitFileState: 'masked-runtime'}, {enabled: 'any'}), [
    'systemctl unmask --runtime',
    'systemctl start',
  ]);
});

test('systemd reads a changed file before anything is done, and only then', (t) => {
  t.deepEqual(plan({NeedDaemonReload: 'yes', ActiveState: 'inactive'}), ['systemctl daemon-reload', 'systemctl start']);
  t.deepEqual(plan({NeedDaemonReload: 'yes'}), []);
});

test('a unit that is missing is fine where it should be off, and unknown where it should not', (t) => {
  const missing: Unit = {LoadState: 'not-found', UnitFileState: '', ActiveState: 'inactive', SubState: 'dead'};
  t.deepEqual(plan(missing, {enabled: false, running: false}), []);
  t.is(plan(missing), 'unit app.service does not exist');
  t.is(plan(missing, {enabled: false}), 'unit app.service does not exist');
  t.deepEqual(
    plan({...missing, ActiveState: 'active'}, {enabled: false, running: false}),
    ['systemctl stop'],
    'its file was removed while it ran',
  );
});

test('a unit that cannot be loaded is unknown, with the reason', (t) => {
  const bad = plan({LoadState: 'bad-setting'});
  t.is(bad, 'unit app.service cannot be loaded: bad-setting');
});
