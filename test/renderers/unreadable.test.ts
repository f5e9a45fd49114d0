import test from 'ava';
import {planHost} from '../../src/engine/plan/plan-host.js';
import {hasChanges, type JudgedHost} from '../../src/model/index.js';
import {renderTerraformJson} from '../../src/plans/index.js';
import {countPlan, renderMarkdown} from '../../src/renderers/index.js';
import {renderPlanReport} from '../../src/renderers/report/index.js';
import {raw} from '../../src/shell/index.js';
import {command, group, user} from '../../src/tasks/index.js';
import {dataOf, type LivePlan, recordOf} from '../plans/live.js';
import {recording} from '../plans/planned.js';
import {renderPlan} from './as-text.js';
import {hostNamed} from './host-named.js';

/** A host that gives invalid replies for a user and a group, and a normal one for a command. */
function partly(name: string): JudgedHost {
  const notify = {id: 'reload app', command: raw('systemctl reload app'), recover: raw('systemctl restart app')};
  const all = [
    command({command: 'echo one', notify}),
    user({name: 'app'}),
    command({command: 'echo two', unless: 'true'}),
    group({name: 'app'}),
  ];
  const tasks = all.map((task) => ({task, question: task.open({templateDirectories: []})}));
  const replies = ['due\n', 'what?\n', 'due\n', '???\n'].map((stdout) => ({
    code: 0,
    stdout,
    stderr: '',
    truncated: false,
  }));
  return planHost(hostNamed(name), [{name: 'web', needs: [], tasks}], {replies, pending: [], lastRun: ''});
}

const live: LivePlan = {playbook: 'site', hosts: [partly('web1'), partly('web2')]};
const plan = dataOf(live);

test('tasks that could be read are shown next to those that could not, with the note that nothing will be done', (t) => {
  const text = renderPlan(plan);
  t.regex(text, /^web1, web2\n {2}play web\n/);
  t.regex(text, /! command echo one/);
  t.regex(text, /✗ user app\n {6}the present state cannot be read: getent passwd and id answered: what\?/);
  t.regex(text, /✗ group app\n(.*\n)+? +at +\S*unreadable\.test\.ts/);
  t.regex(text, /! command echo two/);
  t.regex(text, /Nothing will be done on this host: 2 tasks could not be planned\./);
  t.regex(text, /2 failed\n$/);
  t.like(countPlan(plan), {run: 0, failed: 2});
  t.false(plan.hosts.some(hasChanges));
});

test('a brief plan shows the reasons too', (t) => {
  t.regex(renderPlan(plan, {detail: 'brief'}), /✗ user app\n.*cannot be read/);
});

test('Markdown shows them in one open block for both hosts', (t) => {
  const text = renderMarkdown(plan);
  t.regex(
    text,
    /<details open><summary><code>web1<\/code>, <code>web2<\/code>: 2 failures, and 3 changes that will not be applied/,
  );
  t.regex(text, /! command echo one/);
  t.regex(text, /✗ user app/);
});

test('JSON marks the tasks, lists every failure, and cannot be applied', (t) => {
  const record = recordOf(live, recording());
  const json = JSON.parse(renderTerraformJson(record, {infraVersion: '0', timestamp: '', counts: {}}));
  t.true(json.errored);
  t.false(json.applyable);
  t.deepEqual(
    json.infra.failures.map(({host, task}: {host: string; task: string}) => `${host} ${task}`),
    ['web1 user app', 'web1 group app', 'web2 user app', 'web2 group app'],
  );
  const failed = json.resource_changes.filter(({infra}: {infra: {action: string}}) => infra.action === 'failed');
  t.is(failed.length, 4);
  t.deepEqual(failed[0].change.actions, ['no-op']);
  t.is(failed[0].infra.failure.reason, 'probe-failed');
});

test('a saved plan shows the same, and the report has both failures and what was read', (t) => {
  const restored = recordOf(live, recording());
  t.is(renderPlan(restored), renderPlan(plan));
  t.is(renderMarkdown(restored), renderMarkdown(plan));
  const around = {file: 'f', madeAt: '2026-01-02T03:04:05.678Z', madeBy: 'a', madeWith: '0', notes: [], version: '0'};
  const page = renderPlanReport(restored, {...around, drawing: {because: 'none'}});
  for (const text of [/user app/, /group app/, /could not be planned/, /echo two/]) t.regex(page, text);
});

test('with commands, handlers show what they run, also after a failure', (t) => {
  const shown = /→ reload app .*\n +\$ systemctl reload app\n +if it fails.*\n +\$ systemctl restart app/;
  const record = recordOf(live, recording());
  for (const each of [plan, record]) {
    t.regex(renderPlan(each, {detail: 'commands'}), shown);
    t.regex(renderMarkdown(each, 'commands'), shown);
    t.notRegex(renderPlan(each), /systemctl reload app/);
  }
  t.regex(
    renderTerraformJson(record, {infraVersion: '0', timestamp: '', counts: {}}),
    /"recover": "systemctl restart app"/,
  );
});

test('a stack is shown only if requested, and is in no record', (t) => {
  const failure = {reason: 'code-failed', message: 'm', stack: 'Error: m\n    at parse (/p/site.ts:1:2)'} as const;
  const [web1] = live.hosts;
  if (!web1) return t.fail();
  const tasks = web1.tasks.map((each) => ({...each, verdict: {type: 'failed' as const, failure}}));
  for (const host of [
    {...web1, failure, tasks},
    {...web1, failure, tasks: []},
  ]) {
    const whole = {playbook: 'site', hosts: [host]};
    t.regex(renderPlan(dataOf(whole), {stacks: true}), /stack +at parse \(\/p\/site\.ts:1:2\)/);
    t.notRegex(renderPlan(dataOf(whole)), /at parse/);
    t.notRegex(JSON.stringify(recordOf(whole, recording())), /at parse/);
  }
  return undefined;
});
