import test from 'ava';
import {planHost} from '../../../src/engine/plan/plan-host.js';
import {ANYTHING, ANYTHING_NEW, defineTask, type Host, type Task} from '../../../src/model/index.js';
import {sh} from '../../../src/shell/index.js';
import {file} from '../../../src/tasks/index.js';

const host: Host = {
  name: 'web1',
  address: '192.0.2.21',
  port: 22,
  user: 'root',
  become: false,
  identityFiles: [],
  knownHostsFiles: [],
  groups: ['all'],
  vars: {},
};

/** Things that a host has when its answer is `there`, wanted present or absent. */
const thing = (type: string, bringsAlong: boolean) =>
  defineTask<{name: string; wanted: 'present' | 'absent'}, {there: boolean}>({
    type,
    id: ({name}) => name,
    probe: () => sh`true`,
    parse: ({stdout}) => (stdout === 'there' ? {there: true} : null),
    desire: ({wanted}) => (wanted === 'present' ? {there: true} : null),
    change: () => [sh`true`],
    affects: () => (bringsAlong ? [ANYTHING, ANYTHING_NEW] : []),
  });

const pack = thing('apt', true);
const link = thing('symlink', false);

/** What a plan says of the last of some tasks, by what the host answers to each. */
function verdictOfLast(...answers: readonly (readonly [Task, string])[]) {
  const tasks = answers.map(([task]) => ({task, question: task.open({templateDirectories: []})}));
  const replies = answers.map(([, stdout]) => ({code: 0, stdout, stderr: '', truncated: false}));
  return planHost(host, [{name: 'play', needs: [], tasks}], {replies, pending: [], lastRun: ''}).tasks.at(-1)?.verdict;
}

const gone = link({name: '/etc/default-site', wanted: 'absent'});

test('what should be absent is known only after a package that may bring it is there', (t) => {
  const installed = pack({name: 'nginx', wanted: 'present'});
  t.like(verdictOfLast([installed, ''], [gone, '']), {
    ...{type: 'unknown', because: 'apt nginx may bring it'},
    spec: {name: '/etc/default-site', wanted: 'absent'},
  });
  t.like(verdictOfLast([installed, 'there'], [gone, '']), {type: 'unchanged'});
  t.like(verdictOfLast([installed, ''], [gone, 'there']), {type: 'change', action: 'delete'});
});

test('a package that goes, and a task that brings nothing along, leave an absence certain', (t) => {
  t.like(verdictOfLast([pack({name: 'nginx', wanted: 'absent'}), 'there'], [gone, '']), {type: 'unchanged'});
  t.like(verdictOfLast([link({name: '/a', wanted: 'present'}), ''], [gone, '']), {type: 'unchanged'});
});

test('a state that is a promise does not pass for one as desired', (t) => {
  const late = async () => ({there: true});
  const verbs = {type: 'late', id: () => 'x', probe: () => sh`true`, change: () => []};
  const desiring = defineTask<object, object>({...verbs, parse: () => ({there: false}), desire: late as () => object});
  const parsing = defineTask<object, object>({...verbs, parse: late as () => object, desire: () => ({})});
  for (const [task, name] of [[desiring({}), 'desire'] as const, [parsing({}), 'parse'] as const]) {
    const verdict = verdictOfLast([task, '']);
    t.regex(verdict?.type === 'failed' ? verdict.failure.message : 'not failed', new RegExp(`${name}.*promise`));
  }
});

test('verbs of a task type that give what they must not fail that task, in words about the type', (t) => {
  const verbs = {type: 'odd', id: () => 'x', parse: () => ({}), desire: () => ({a: 1})};
  const given = (change: unknown) =>
    defineTask<object, object>({...verbs, probe: () => sh`true`, change: change as () => []});
  const failures: readonly (readonly [unknown, RegExp])[] = [
    [() => ['systemctl restart x'], /`change` must return commands, written as sh`…`, not text/],
    [() => undefined, /`change` must return a list of commands, not undefined/],
    [() => [sh`true`, Promise.resolve(sh`true`)], /not a promise/],
  ];
  for (const [change, text] of failures) {
    const verdict = verdictOfLast([given(change)({}), '']);
    t.regex(verdict?.type === 'failed' ? verdict.failure.message : 'not failed', text);
    t.notRegex(verdict?.type === 'failed' ? (verdict.failure.hint ?? '') : '', /Report/);
  }
  t.is(verdictOfLast([given(() => [false, undefined, sh`true`])({}), ''])?.type, 'change');
  const asking = defineTask<object, object>({...verbs, probe: (() => 'uname') as never, change: () => []});
  t.throws(() => asking({}).open({templateDirectories: []}), {message: /`probe` must return a command, .* not text/});
  const checked = file({path: '/etc/x', content: 'x', validate: (() => 'nginx -t') as never});
  const verdict = verdictOfLast([checked, 'absent']);
  t.regex(verdict?.type === 'failed' ? verdict.failure.message : '', /validate must return a command, .*, not text/);
});

test('a handler that is due since an earlier run is run once, however many plays notify it', (t) => {
  const reload = {id: 'reload', command: sh`true`};
  const handlersOf = (answers: readonly string[]) => {
    const tasks = answers.map((_, index) => link({name: `/x${index}`, wanted: 'present', notify: reload}));
    const plays = tasks.map((task, index) => ({
      name: `play ${index}`,
      needs: [],
      tasks: [{task, question: task.open({templateDirectories: []})}],
    }));
    const replies = answers.map((stdout) => ({code: 0, stdout, stderr: '', truncated: false}));
    const pending = [{id: 'reload', command: 'true'}];
    return planHost(host, plays, {replies, pending, lastRun: ''}).handlers.map(
      ({play, because}) => `${play} ${because}`,
    );
  };
  t.deepEqual(handlersOf(['there', 'there']), ['play 0 pending']);
  t.deepEqual(handlersOf(['there', '']), ['play 1 change']);
  t.deepEqual(handlersOf(['', '']), ['play 0 change', 'play 1 change']);
});
