import test from 'ava';
import {SpecError} from '../../../src/model/diagnostic.js';
import {type Action, Content} from '../../../src/model/plan/state.js';
import {defineTask} from '../../../src/model/playbook/define-task.js';
import {type Guard, UnreadableReply, type Verdict} from '../../../src/model/playbook/task.js';
import {type TaskDefinition, Unknown} from '../../../src/model/playbook/task-definition.js';
import {type Command, type Reply, sh} from '../../../src/shell/index.js';

interface Spec {
  readonly name: string;
  readonly mode?: string;
  readonly owner?: string;
  readonly state?: 'absent';
}

interface State {
  readonly mode: string;
  readonly owner: string;
}

const reply = (stdout: string, more: Partial<Reply> = {}): Reply => ({
  ...{code: 0, stdout, stderr: '', truncated: false},
  ...more,
});

/** `mode owner`, or nothing for an absent thing. */
const DEFINITION: TaskDefinition<Spec, State> = {
  type: 'thing',
  id: ({name}) => name,
  probe: ({name}) => sh`read ${name}`,
  parse: ({stdout}) => {
    const [mode = '', owner = ''] = stdout.split(' ');
    return stdout === '' ? null : {mode, owner};
  },
  desire: ({mode, owner, state}) => {
    return state === 'absent' ? null : {...(mode && {mode}), ...(owner && {owner})};
  },
  change: ({name}, to) => [
    to === null && sh`rm ${name}`,
    to?.mode !== undefined && sh`chmod ${to.mode} ${name}`,
    to?.owner !== undefined && sh`chown ${to.owner} ${name}`,
  ],
};

const NOWHERE = {templateDirectories: []};

const make = (spec: Spec, more: Partial<TaskDefinition<Spec, State>> = {}) =>
  defineTask({...DEFINITION, ...more})(spec);

const judge = (spec: Spec, stdout: string, more: Partial<TaskDefinition<Spec, State>> = {}): Verdict =>
  make(spec, more).open(NOWHERE).judge(reply(stdout));

function changeOf(verdict: Verdict) {
  if (verdict.type !== 'change') throw new Error(`expected a change, not ${verdict.type}`);
  return verdict;
}

const commandsOf = (verdict: Verdict) => changeOf(verdict).commands.map(String);

test('a task has the name, probe and place that its type and the playbook give it', (t) => {
  const task = make({name: '/x'});
  t.deepEqual([task.type, task.id, task.always, task.notify, task.tags], ['thing', '/x', false, [], []]);
  t.is(String(task.open(NOWHERE).probe), 'read /x');
  t.regex(task.at?.file ?? '', /define-task\.test\.ts$/);
});

const VERDICTS: readonly (readonly [string, Spec, string, Action | 'unchanged', readonly string[]])[] = [
  ['as desired', {name: 'x', mode: '0644'}, '0644 root', 'unchanged', []],
  ['with nothing that the user set', {name: 'x'}, '0600 root', 'unchanged', []],
  ['absent as desired', {name: 'x', state: 'absent'}, '', 'unchanged', []],
  ['different in one attribute', {name: 'x', mode: '0644', owner: 'root'}, '0600 root', 'update', ['chmod 0644 x']],
  [
    'different in two attributes',
    {name: 'x', mode: '0644', owner: 'web'},
    '0600 root',
    'update',
    ['chmod 0644 x', 'chown web x'],
  ],
  ['absent', {name: 'x', mode: '0644', owner: 'root'}, '', 'create', ['chmod 0644 x', 'chown root x']],
  ['absent and desired without attributes', {name: 'x'}, '', 'create', []],
  ['present and not desired', {name: 'x', state: 'absent'}, '0600 root', 'delete', ['rm x']],
];

for (const [what, spec, stdout, action, commands] of VERDICTS) {
  test(`a thing that is ${what} is ${action === 'unchanged' ? 'left alone' : `a change: ${action}`}`, (t) => {
    const verdict = judge(spec, stdout);
    t.is(verdict.type === 'change' ? verdict.action : verdict.type, action);
    t.deepEqual(verdict.type === 'change' ? commandsOf(verdict) : [], commands);
  });
}

test('only of a thing that is absent as desired is it said', (t) => {
  const absent = judge({name: 'x', state: 'absent'}, '');
  t.true(absent.type === 'unchanged' && absent.absent);
  t.false('absent' in judge({name: 'x'}, '0600 root'));
});

test('what a verdict was made from are the attributes that the user set, and all of them for a thing that goes', (t) => {
  const seen = (spec: Spec, stdout: string) => judge(spec, stdout).seen;
  t.deepEqual(seen({name: 'x', mode: '0644'}, '0600 root'), {
    ...{present: {mode: '0600'}, desired: {mode: '0644'}},
    sensitive: [],
  });
  t.deepEqual(seen({name: 'x', state: 'absent'}, '0600 root'), {
    ...{present: {mode: '0600', owner: 'root'}, desired: null},
    sensitive: [],
  });
  t.deepEqual(seen({name: 'x', mode: '0644'}, ''), {present: null, desired: {mode: '0644'}, sensitive: []});
});

test('an attribute that is set to undefined is not compared', (t) => {
  const desire = (): Partial<State> => ({mode: '0644', ...({owner: undefined} as object)});
  const verdict = judge({name: 'x'}, '0600 root', {desire});
  t.deepEqual(commandsOf(verdict), ['chmod 0644 x']);
  t.deepEqual(verdict.seen?.desired, {mode: '0644'});
});

test('sensitive attributes are marked as such in the diff and in what was seen', (t) => {
  const verdict = changeOf(judge({name: 'x', mode: '1', owner: 'a'}, '2 b', {sensitive: ['owner']}));
  t.deepEqual(
    verdict.diff.map(({name, sensitive}) => [name, sensitive]),
    [
      ['mode', false],
      ['owner', true],
    ],
  );
  t.deepEqual(verdict.seen?.sensitive, ['owner']);
});

test('the type may name the action, also by what differs', (t) => {
  t.is(changeOf(judge({name: 'x', mode: '1'}, '', {action: 'run'})).action, 'run');
  const action = (diff: readonly {name: string}[]) => (diff.some(({name}) => name === 'mode') ? 'run' : 'update');
  t.is(changeOf(judge({name: 'x', mode: '1'}, '2 b', {action})).action, 'run');
  t.is(changeOf(judge({name: 'x', owner: 'a'}, '2 b', {action})).action, 'update');
});

test('an answer that is too long is unreadable, whatever it says', (t) => {
  const question = make({name: 'x'}).open(NOWHERE);
  t.throws(() => question.judge(reply('0600 root', {truncated: true})), {
    instanceOf: UnreadableReply,
    message: 'the answer is too long',
  });
});

test('what cannot be read yet is unknown, and says what would be done for a thing that is absent', (t) => {
  const parse = () => new Unknown('nginx is not installed');
  const verdict = judge({name: 'x', mode: '0644'}, '', {parse});
  if (verdict.type !== 'unknown') throw new Error(verdict.type);
  t.is(verdict.because, 'nginx is not installed');
  t.deepEqual(verdict.seen, {present: undefined, desired: undefined, sensitive: []});
  t.deepEqual(verdict.spec, {name: 'x', mode: '0644'});
  const {desired, commands} = verdict.expected?.() ?? {};
  t.deepEqual([desired, commands?.map(String)], [{mode: '0644'}, ['chmod 0644 x']]);
});

test('commands that are made late are not made while planning', async (t) => {
  let made = 0;
  const late = async (): Promise<readonly Command[]> => {
    made += 1;
    return [sh`issue`];
  };
  const verdict = changeOf(judge({name: 'x', mode: '1'}, '', {change: () => late}));
  t.deepEqual([verdict.commands, made], [[], 0]);
  t.deepEqual((await verdict.late?.())?.map(String), ['issue']);
  const unknown = judge({name: 'x'}, '', {change: () => late, parse: () => new Unknown('later')});
  t.deepEqual(unknown.type === 'unknown' && unknown.expected?.().commands, []);
  t.is(made, 1);
});

test('a guard belongs to the change that it undoes', (t) => {
  const guard: Guard = {name: 'sshd', seconds: 60, keep: sh`cp`, restore: sh`mv`, activate: sh`true`};
  t.is(changeOf(judge({name: 'x', mode: '1'}, '', {guard: () => guard})).guard, guard);
  t.false('guard' in judge({name: 'x', mode: '1'}, ''));
});

test('templates and files are read when the question is put, once for the host, and not before', (t) => {
  const directories: unknown[] = [];
  const task = defineTask<{name: string}, {content: Content}, Content>({
    type: 'file',
    id: ({name}) => name,
    prepare: ({name}, {templateDirectories}) => {
      directories.push(templateDirectories);
      return Content.of(name);
    },
    probe: (content) => sh`compare ${content.sha256}`,
    parse: () => null,
    desire: (content) => ({content}),
    change: (content) => [sh`write ${content.size}`],
  })({name: 'hello'});
  t.deepEqual(directories, []);
  const question = task.open({templateDirectories: ['/templates']});
  t.deepEqual(commandsOf(question.judge(reply(''))), ['write 5']);
  t.deepEqual(directories, [['/templates']]);
});

const AFFECTS: readonly (readonly [
  string,
  Partial<TaskDefinition<Spec, State>>,
  readonly string[],
  readonly string[],
])[] = [
  ['nothing is said', {}, ['*'], []],
  ['it affects a unit', {affects: () => ['unit:nginx']}, ['unit:nginx'], ['unit:nginx']],
  ['it affects anything, and a file by name', {affects: () => ['*', '+', '/etc/x']}, ['*', '+', '/etc/x'], ['/etc/x']],
  ['its needs are named', {affects: () => ['/a'], needs: ({name}) => [name]}, ['/a'], ['x']],
  ['it needs nothing', {affects: () => ['/a'], needs: () => []}, ['/a'], []],
];

for (const [what, more, affects, needs] of AFFECTS) {
  test(`where ${what}, its answer depends on ${needs.join() || 'nothing that has a name'}`, (t) => {
    const task = make({name: 'x'}, more);
    t.deepEqual([task.affects, task.needs], [affects, needs]);
  });
}

test('a spec that the type refuses is an error of the playbook', (t) => {
  const refuse = ({mode}: Spec) => (mode === '9' ? 'the mode must be octal' : undefined);
  t.throws(() => make({name: 'x', mode: '9'}, {refuse}), {
    instanceOf: SpecError,
    message: 'thing: the mode must be octal',
  });
  t.notThrows(() => make({name: 'x', mode: '7'}, {refuse}));
});

/** As JavaScript has it: of no type. */
const loose = <T>(value: unknown): T => value as T;

const MISUSED: readonly (readonly [string, Partial<TaskDefinition<Spec, State>>, string])[] = [
  ['probe', {probe: () => loose('cat x')}, 'a command, written as sh`…`, not text'],
  ['parse', {parse: () => loose(undefined)}, 'an object of attributes, or null, not undefined'],
  ['parse', {parse: () => loose(Promise.resolve({}))}, 'an object of attributes, or null, not a promise'],
  ['desire', {desire: () => loose(true)}, 'an object of attributes, or null, not true'],
  ['change', {change: () => loose(sh`true`)}, 'a list of commands, not a command'],
  ['change', {change: () => loose([sh`true`, 'rm x'])}, 'commands, written as sh`…`, not text'],
];

for (const [verb, more, what] of MISUSED) {
  test(`a ${verb} that gives ${what.replace(/.*, not /, '')} is an error of the task's type`, (t) =>
    void t.throws(() => judge({name: 'x', mode: '1'}, '2 b', more), {
      instanceOf: SpecError,
      message: `the task type's \`${verb}\` must return ${what}`,
    }));
}

test('a hint gets what the commands printed and the spec', (t) => {
  const hint = ({stderr}: Reply, {name}: Spec) => (stderr === '' ? undefined : `Free the lock of ${name}.`);
  const task = make({name: 'x'}, {hint});
  t.is(task.hint?.(reply('', {stderr: 'locked'})), 'Free the lock of x.');
  t.is(task.hint?.(reply('')), undefined);
  t.is(make({name: 'x'}).hint?.(reply('')), undefined);
});
