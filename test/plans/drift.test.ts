import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {DueHandler, Failure, Task} from '../../src/model/index.js';
import {findDrift} from '../../src/plans/index.js';
import {raw, Secret} from '../../src/shell/index.js';
import {file, line} from '../../src/tasks/index.js';
import {renderFailure} from '../renderers/as-text.js';
import {recordOf} from './live.js';
import {planned, planOf, recording} from './planned.js';

const directory = mkdtempSync(join(tmpdir(), 'infra-drift-'));
const path = join(directory, 'motd');
const put = (text: string, mode = 0o644) => writeFileSync(path, text, {mode});

function record(tasks: readonly Task[], handlers: DueHandler[] = []) {
  const {hosts, contents} = recordOf(planOf({web1: tasks.map((task) => planned(task))}, handlers), recording());
  const [host] = hosts;
  if (!host) throw new Error('no host');
  return {host, contents};
}

/** What a host has drifted when it is changed between plan and apply. */
function driftOf(tasks: readonly Task[], change: () => void, later = tasks): Failure | undefined {
  const then = record(tasks);
  change();
  return findDrift(then, record(later));
}

function shows(t: ExecutionContext, failure: Failure | undefined, ...texts: readonly RegExp[]) {
  if (failure === undefined) return t.fail('nothing drifted');
  t.is(failure.reason, 'drifted');
  const text = renderFailure(failure, {name: 'web1'});
  for (const each of texts) t.regex(text, each);
  return undefined;
}

test.beforeEach(() => {
  rmSync(path, {force: true});
  put('one\ntwo\n');
});

const desired = file({path, content: 'ONE\ntwo\n', mode: '0640'});

test.serial('a host that is as it was has not drifted', (t) => {
  t.is(
    driftOf([desired], () => {}),
    undefined,
  );
  t.is(
    driftOf([desired], () => put('one\ntwo\n')),
    undefined,
  );
});

test.serial('another content: the task is named, planned and present state are shown', (t) => {
  const failure = driftOf([desired], () => put('one\nTWO\n'));
  shows(t, failure, /file .*motd/, /planned → present/, /^ +-two$/m, /^ +\+TWO$/m);
});

test.serial('something made or deleted in the meantime has drifted, even towards the desired state', (t) => {
  shows(
    t,
    driftOf([desired], () => rmSync(path)),
    /present when planned, absent now/,
  );
  put('one\ntwo\n');
  shows(
    t,
    driftOf([file({path, content: 'one\n'})], () => put('one\n')),
    /motd/,
  );
});

test.serial('what was as desired and no longer is has drifted', (t) => {
  const kept = file({path, content: 'one\ntwo\n', mode: '0644'});
  shows(
    t,
    driftOf([kept], () => put('other\n')),
    /\+other/,
  );
});

test.serial('another line of a file whose line is as desired is not drift', (t) => {
  t.is(
    driftOf([line({path, line: 'two'})], () => put('zero\none\ntwo\n')),
    undefined,
  );
});

test.serial('another desired state than planned has drifted, though the host is as it was', (t) => {
  const failure = driftOf([desired], () => {}, [file({path, content: 'other\ntwo\n', mode: '0640'})]);
  shows(t, failure, /the desired state differs too/, /-ONE/, /\+other/);
});

test.serial('other tasks than planned are not compared one by one', (t) => {
  shows(
    t,
    driftOf([desired], () => {}, []),
    /its tasks/,
    /facts differ/,
  );
});

test.serial('of a secret it is told that it differs, and nothing else', (t) => {
  const secret = file({path, content: new Secret('canary-word\n')});
  const failure = driftOf([secret], () => put('canary-old\n'));
  shows(t, failure, /sensitive/);
  t.false(JSON.stringify(failure).includes('canary'));
});

test('a handler that became due in the meantime is drift', (t) => {
  const handler = {id: 'reload nginx', command: raw('true')};
  const pending: DueHandler = {play: 'web', handler, because: 'pending'};
  shows(t, findDrift(record([]), record([], [pending])), /handler reload nginx/, /due now/);
  shows(t, findDrift(record([], [pending]), record([])), /not due now/);
  t.is(findDrift(record([], [pending]), record([], [{...pending, because: 'change'}])), undefined);
});
