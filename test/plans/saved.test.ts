import {createHash, randomUUID} from 'node:crypto';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {InputError} from '../../src/model/index.js';
import {digestWith, type PlanContent, parsePlan, renderPlanFile} from '../../src/plans/index.js';
import {renderMarkdown} from '../../src/renderers/index.js';
import {Secret} from '../../src/shell/index.js';
import {file, line, mysqlUser} from '../../src/tasks/index.js';
import {renderPlan} from '../renderers/as-text.js';
import {dataOf, type LivePlan, recordOf} from './live.js';
import {digest, planned, planOf, recording} from './planned.js';
import {richPlan} from './rich.js';

const directory = mkdtempSync(join(tmpdir(), 'infra-plans-'));
const at = (name: string, text: string | Buffer) => {
  writeFileSync(join(directory, name), text, {mode: 0o644});
  return join(directory, name);
};

function content(plan: LivePlan, mask?: (text: string) => string): PlanContent {
  return {
    ...{infraVersion: '0.1.0', id: randomUUID(), madeAt: '2026-01-02T03:04:05.678Z', madeBy: 'alice@laptop'},
    ...{options: {playbook: 'playbooks/site.ts', tags: ['a', 'b']}, counts: {create: 1}},
    files: [{path: 'playbooks/site.ts', role: 'playbook', digest: digest('x')}],
    plan: recordOf(plan, recording(mask)),
  };
}

test('a saved plan shows what the plan showed, in text of any width and in Markdown', (t) => {
  const live = richPlan();
  const plan = dataOf(live);
  const {plan: restored} = parsePlan(renderPlanFile(content(live), digest), 'site.plan').plan;
  for (const width of [40, 80, 200]) t.is(renderPlan(restored, {width}), renderPlan(plan, {width}));
  t.is(renderMarkdown(restored), renderMarkdown(plan));
  for (const text of [/sensitive/, /3 batches/, /restart old/, /on lb1/, /\(motd\)/, /1 skipped/]) {
    t.regex(renderPlan(restored), text);
  }
  t.regex(renderMarkdown(plan), /# 3 batches/);
});

test('a saved plan knows whether it was changed, and by whose key it was made', (t) => {
  const text = renderPlanFile(content(richPlan()), digest);
  t.true(parsePlan(text, 'site.plan').isSealedBy(digest));
  t.true(parsePlan(JSON.stringify(JSON.parse(text)), 'site.plan').isSealedBy(digest));
  t.false(parsePlan(text.replace('hello', 'hallo'), 'site.plan').isSealedBy(digest));
  t.false(parsePlan(text, 'site.plan').isSealedBy(digestWith(new Secret('another key'))));
});

test('what is not a plan, damaged or newer is refused with the reason', (t) => {
  const text = renderPlanFile(content(richPlan()), digest);
  const refused = (changed: string, message: RegExp) => {
    const error = t.throws(() => parsePlan(changed, 'site.plan'), {instanceOf: InputError});
    t.regex(error.message, message);
  };
  refused('', /is not a saved plan/);
  refused('{"resource_changes": []}', /is not a saved plan/);
  refused(text.slice(0, 500), /damaged: it is incomplete/);
  refused(text.replace('"hosts"', '"guests"'), /damaged: plan\.hosts/);
  refused(text.replace(/"id": "[^"]*"/, '"id": "../../etc/passwd"'), /damaged: id/);
  refused(text.replace(/"diffs": \[.*\]/s, '"diffs": []'), /damaged: plan\.diffs/);
  for (const other of ['1.1', '3.0'])
    refused(text.replace('"formatVersion": "2.0"', `"formatVersion": "${other}"`), new RegExp(`has format ${other}`));
  t.notThrows(() => parsePlan(text.replace('"formatVersion": "2.0"', '"formatVersion": "2.7"'), 'site.plan'));
});

test('a text that holds a secret which nobody called one is masked, and its bytes have no digest', (t) => {
  const mask = (text: string) => text.replaceAll('hunter2', '(sensitive)');
  const plan = planOf({
    web1: [
      planned(file({path: join(directory, 'a'), content: 'user=x\npass=hunter2\n'})),
      planned(file({path: join(directory, 'b'), content: '\0hunter2'})),
      planned(line({path: at('c', 'hunter2\n'), line: 'more'})),
    ],
  });
  const text = renderPlanFile(content(plan, mask), digest);
  t.false(text.includes('hunter2'));
  t.regex(text, /pass=\(sensitive\)/);
});

test('neither a password of a database nor a hash of it is in a plan', (t) => {
  const password = new Secret('canary-of-the-database');
  const {plan} = parsePlan(renderPlanFile(content(planOf({db1: databaseTasks(password)})), digest), 'site.plan');
  const text = JSON.stringify(plan);
  t.regex(text, /CREATE USER/);
  const native = createHash('sha1').update(createHash('sha1').update(password.reveal()).digest()).digest('hex');
  for (const form of [password.reveal(), native, native.toUpperCase()]) t.false(text.includes(form));
});

function databaseTasks(password: Secret) {
  const reply = {code: 0, stdout: 'server\t11.8.6-MariaDB\n', stderr: '', truncated: false};
  const task = mysqlUser({name: 'app', hosts: ['192.0.2.1'], password, grants: {}});
  const verdict = task.open({templateDirectories: []}).judge(reply);
  return [{play: 'db', task, verdict, seen: verdict.seen}];
}
