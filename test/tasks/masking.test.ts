import {resolve} from 'node:path';
import test from 'ava';
import type {Task} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';
import {block, file, line, template} from '../../src/tasks/index.js';
import {dataOf} from '../plans/live.js';
import {renderPlan} from '../renderers/as-text.js';
import {hostNamed} from '../renderers/host-named.js';

/** The plan for a task where the host has a file with this mode and text; only what is below the task's name. */
function plan(task: Task, mode: string, text: string): string[] {
  const base64 = Buffer.from(text).toString('base64');
  const word = task.type === 'file' || task.type === 'template' ? 'content ' : '';
  const stdout = `8${Number.parseInt(`100${mode}`, 8).toString(16).slice(-3)}:${text.length}:0:root:0:root\n${word}${base64}\n`;
  const {judge} = task.open({templateDirectories: [resolve('test/tasks/templates')]});
  const verdict = judge({code: 0, stdout, stderr: '', truncated: false});
  const planned = {play: 'all', task, verdict};
  const live = {playbook: 'site', hosts: [{host: hostNamed('a'), tasks: [planned], handlers: []}]};
  const lines = renderPlan(dataOf(live)).split('\n');
  return lines.slice(3, lines.indexOf('', 3)).map((each) => each.trim());
}

const password = new Secret('hunter2');

test('a template shows what is around its secrets', (t) => {
  const task = template({path: '/etc/x', source: 'secret.conf', vars: {port: 81, password}});
  t.deepEqual(plan(task, '0600', 'listen 80;\npassword hunter1;\n').slice(3), [
    '-listen 80;',
    '-password (sensitive);',
    '+listen 81;',
    '+password (sensitive);',
  ]);
});

test('a file made of a secret shows how many lines differ', (t) => {
  t.deepEqual(plan(file({path: '/etc/x', content: password}), '0600', 'a\nb\n'), [
    'content: (sensitive, 1 line, 2 changed)',
  ]);
  t.deepEqual(plan(file({path: '/etc/x', content: 'plain', sensitive: true}), '0600', 'a\n'), [
    'content: (sensitive, 1 line, 1 changed)',
  ]);
});

test('what a file holds that others may not read is hidden, unless the playbook says otherwise', (t) => {
  const spec = {path: '/etc/x', content: 'a = 1\nb = two\n'};
  const hunk = ['--- /etc/x', '+++ /etc/x', '@@ -1,2 +1,2 @@', 'a = 1'];
  t.deepEqual(plan(file(spec), '0640', 'a = 1\nb = hunter1\n'), [...hunk, '-b = (sensitive)', '+b = two']);
  t.deepEqual(plan(file(spec), '0644', 'a = 1\nb = one\n'), [...hunk, '-b = one', '+b = two']);
  t.deepEqual(plan(file({...spec, sensitive: false}), '0640', 'a = 1\nb = one\n'), [...hunk, '-b = one', '+b = two']);
});

test('a private file that goes shows how many lines it has', (t) => {
  const gone = plan(file({path: '/etc/x', state: 'absent'}), '0600', 'hunter1\n');
  t.deepEqual(gone, ['mode: 0600', 'owner: root', 'group: root', 'content: (sensitive, 1 line)']);
  t.deepEqual(plan(file({path: '/etc/x', state: 'absent'}), '0644', 'hello\n').slice(3), ['content: 1 line', '-hello']);
});

test('an edit shows its own lines, and of others none that may be secret', (t) => {
  const shown = plan(line({path: '/etc/x', line: 'c = 3'}), '0600', 'a = hunter1\nb\n');
  t.deepEqual(shown.slice(2), ['@@ -2,0 +3,1 @@', '+c = 3']);
  const secret = plan(line({path: '/etc/x', line: password}), '0644', 'a = hunter1\nb\n');
  t.deepEqual(secret, [
    'mode: 0644 → 0640',
    '--- /etc/x: (sensitive)',
    '+++ /etc/x: (sensitive)',
    '@@ -2,0 +3,1 @@',
    '+(sensitive)',
  ]);
  const lines = plan(block({path: '/etc/x', name: 'key', block: password}), '0600', 'a = hunter1\n').slice(2);
  t.deepEqual(lines, ['@@ -1,0 +2,3 @@', '+# BEGIN infra: key', '+(sensitive)', '+# END infra: key']);
});

test('an edit of a file that all may read shows the lines around it', (t) => {
  const shown = plan(line({path: '/etc/x', line: 'c = 3', match: 'c'}), '0644', 'a = 1\nc = 2\n');
  t.deepEqual(shown.slice(2), ['@@ -1,2 +1,2 @@', 'a = 1', '-c = 2', '+c = 3']);
  const open = plan(line({path: '/etc/x', line: password, sensitive: false}), '0600', 'a = 1\n');
  t.deepEqual(open.slice(2), ['@@ -1,1 +1,2 @@', 'a = 1', '+(sensitive)']);
});
