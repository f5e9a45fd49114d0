import path from 'node:path';
import test from 'ava';
import {Content, type JudgedHost, type JudgedTask, type Task} from '../../src/model/index.js';
import {sh} from '../../src/shell/index.js';
import {file} from '../../src/tasks/index.js';
import {hostNamed} from '../renderers/host-named.js';
import {recordOf} from './live.js';
import {planned, recording} from './planned.js';

const [NOWHERE] = [planned(file({path: '/nowhere/motd', content: 'hello\n'}))];

/** A record of one host with these tasks. */
function hostOf(
  tasks: readonly JudgedTask[],
  more: Partial<JudgedHost> = {},
  key: Parameters<typeof recording>[1] = recording().digest,
) {
  const host: JudgedHost = {host: hostNamed('web1'), tasks, handlers: [], ...more};
  const [only] = recordOf({playbook: 'site', hosts: [host]}, recording(mask, key)).hosts;
  if (!only) throw new Error('no host');
  return only;
}

const mask = (text: string) => text.replaceAll('hunter2', '(sensitive)');

/** A task as the engine judged it, with these attributes before and after. */
function judged(
  present: Record<string, unknown> | null,
  desired: Record<string, unknown>,
  sensitive: readonly string[] = [],
): JudgedTask {
  // Whatever the attributes are, they are those of a state.
  const seen = {present, desired, sensitive} as NonNullable<JudgedTask['seen']>;
  const verdict = {type: 'change', action: 'update', diff: [], commands: [sh`true`]} as const;
  return {play: 'web', task: NOWHERE.task, verdict, seen};
}

test('a task is recorded with both of its states', (t) => {
  const [task] = hostOf([judged({mode: '0600', uid: 5}, {mode: '0644', uid: 5})]).tasks;
  t.deepEqual(
    [task?.before, task?.after],
    [
      {mode: '0600', uid: 5},
      {mode: '0644', uid: 5},
    ],
  );
});

test('a thing that is absent has no state before, and one that cannot be read yet has none of either side', (t) => {
  const [absent, unread] = hostOf([judged(null, {mode: '0644'}), {...NOWHERE, seen: undefined}]).tasks;
  t.deepEqual([absent?.before, absent?.after], [null, {mode: '0644'}]);
  t.false(unread !== undefined && ('before' in unread || 'after' in unread));
});

test('an attribute that is sensitive, or differs sensitively, is held by its digest; one without a value is left out', (t) => {
  const one = judged({password: 'a', shell: undefined}, {password: 'b'}, ['password']);
  const [task] = hostOf([one]).tasks;
  t.deepEqual(Object.keys(task?.before ?? {}), ['password']);
  t.like(task?.before, {password: {sensitive: true}});
  t.notDeepEqual(task?.before, task?.after);
  const diff = [{name: 'key', before: 'a', after: 'b', sensitive: true}];
  const other: JudgedTask = {
    ...judged({key: 'a'}, {key: 'b'}),
    verdict: {type: 'change', action: 'update', diff, commands: []},
  };
  t.like(hostOf([other]).tasks[0]?.after, {key: {sensitive: true}});
});

test('equal contents of many hosts are held once for the plan', (t) => {
  const one: JudgedHost = {host: hostNamed('web1'), tasks: [judged(null, {content: Content.of('a\n')})], handlers: []};
  const plan = recordOf({playbook: 'site', hosts: [one, {...one, host: hostNamed('web2')}]}, recording());
  t.deepEqual(Object.values(plan.contents), ['a\n']);
  t.deepEqual(
    plan.hosts.map(({host}) => host.name),
    ['web1', 'web2'],
  );
});

test('without a key there are states and no digests at all', (t) => {
  const unkeyed = recordOf(
    {playbook: 'site', hosts: [{host: hostNamed('web1'), tasks: [judged({a: '1'}, {a: '2'})], handlers: []}]},
    {root: '/', mask},
  );
  const [host] = unkeyed.hosts;
  t.deepEqual(
    Object.keys(host?.tasks[0] ?? {}).filter((name) => ['present', 'desired', 'runs', 'options'].includes(name)),
    [],
  );
  t.false(host !== undefined && 'notified' in host);
  t.deepEqual(host?.tasks[0]?.before, {a: '1'});
});

test('equal tasks of two hosts have other digests, those of the same host the same', (t) => {
  const tasks = [judged({a: '1'}, {a: '2'})];
  const digestsOf = (name: string) => {
    const [task] = hostOf(tasks, {host: hostNamed(name)}).tasks;
    return [task?.present, task?.desired, task?.runs, task?.options];
  };
  t.deepEqual(digestsOf('web1'), digestsOf('web1'));
  for (const [index, each] of digestsOf('web1').entries()) t.not(each, digestsOf('web2')[index]);
});

test('every handler that a task notifies is recorded, due or not, each once', (t) => {
  const notify = [
    {id: 'reload hunter2', command: sh`reload`},
    {id: 'restart', command: sh`restart`},
  ];
  const task: Task = {...NOWHERE.task, notify};
  const unchanged: JudgedTask = {play: 'web', task, verdict: {type: 'unchanged'}};
  const {notified} = hostOf([unchanged, unchanged, {...unchanged, play: 'db'}]);
  t.deepEqual(
    notified?.map(({play, id}) => `${play} ${id}`),
    ['web reload (sensitive)', 'web restart', 'db reload (sensitive)', 'db restart'],
  );
});

test('places are relative to the project, and a failure is recorded without its stack', (t) => {
  const at = {file: path.join(process.cwd(), 'playbooks/site.ts'), line: 3, column: 5};
  const failure = {reason: 'code-failed', message: 'No.', stack: 'Error: /home/alice/x', at} as const;
  const failed: JudgedTask = {play: 'web', task: {...NOWHERE.task, at}, verdict: {type: 'failed', failure}};
  const host = hostOf([failed], {failure});
  const place = {file: 'playbooks/site.ts', line: 3, column: 5};
  t.deepEqual(host.failure, {reason: 'code-failed', message: 'No.', at: place});
  const [task] = host.tasks;
  t.deepEqual(task?.at, place);
  t.deepEqual(task?.verdict, {type: 'failed', failure: {reason: 'code-failed', message: 'No.', at: place}});
});
