import test from 'ava';
import {Content, type JudgedHost, type JudgedTask, type Verdict} from '../../../src/model/index.js';
import {renderMarkdown} from '../../../src/renderers/index.js';
import {raw} from '../../../src/shell/index.js';
import {dataOf} from '../../plans/live.js';
import {hostNamed} from '../host-named.js';

function task(type: string, id: string, verdict: Verdict): JudgedTask {
  const common = {notify: [], affects: [], needs: [], always: false, at: undefined};
  return {play: 'web', task: {type, id, ...common, open: () => ({probe: raw('true'), judge: () => verdict})}, verdict};
}

function written(id: string, before: string | undefined, after: string): JudgedTask {
  const content = (text: string) => Content.of(text);
  const diff = [{name: 'content', before: before && content(before), after: content(after), sensitive: false}];
  // An empty text stands for none.
  const change = {diff: diff.map((each) => ({...each, before: each.before || undefined})), commands: []};
  return task('file', id, {type: 'change', action: before === undefined ? 'create' : 'update', ...change});
}

const hostPlan = (name: string, tasks: JudgedTask[], more: Partial<JudgedHost> = {}): JudgedHost => {
  return {host: hostNamed(name), tasks, handlers: [], ...more};
};
const render = (...hosts: JudgedHost[]) => renderMarkdown(dataOf({playbook: 'site', hosts}));

test('a comment has a line, a table by host, and the same changes folded once', (t) => {
  const motd = written('/etc/motd', 'one\n', 'two\n');
  const text = render(hostPlan('web1', [motd]), hostPlan('web2', [motd]), hostPlan('db1', []));
  t.regex(text, /^### infra plan: <code>site<\/code>\n\n\*\*Plan: 3 hosts · 0 to create, 2 to change, 0 to delete\*\*/);
  t.regex(text, /^\| <code>web1<\/code> \| {2}\| 1 \|/m);
  t.regex(text, /^\| <code>db1<\/code> \|/m);
  t.is(text.match(/<details>/g)?.length, 1);
  t.regex(text, /<summary><code>web1<\/code>, <code>web2<\/code>: 1 change<\/summary>\n\n```diff\n# play web\n! file/);
  t.regex(text, /^-one\n\+two$/m);
  t.regex(render(hostPlan('web1', [])), /\*\*No changes\. 1 host matches the playbook\.\*\*/);
});

test('no content closes its fence, and no name is more than text', (t) => {
  const evil = '</code><script>alert(1)</script>|[x](y) @all #1 `*_';
  const text = render(hostPlan(evil, [written('/a', undefined, 'a\n````\n<img src=x>\n</details>\n')]));
  t.true(text.includes('`````diff\n'));
  t.is(text.match(/^`````$/gm)?.length, 1);
  const outside = text.replace(/`````diff\n.*?\n`````\n/s, '');
  t.false(/<script|<img|@all|\[x\]|\(1\)/.test(outside), outside);
  for (const row of outside.split('\n').filter((line) => line.startsWith('| <code>'))) t.is(row.split('|').length, 10);
});

test('deletions and failures are shown at the top', (t) => {
  const gone = task('file', '/a', {type: 'change', action: 'delete', diff: [], commands: []});
  const failure = {reason: 'unreachable', message: 'no answer from 192.0.2.1', hint: 'Is it up?'} as const;
  const text = render(hostPlan('web1', [gone]), hostPlan('web2', [], {failure}));
  t.regex(text, /:warning: 1 thing will be \*\*deleted\*\*/);
  t.regex(text, /^\| <code>web2<\/code> \| :x: <code>unreachable<\/code>/m);
  t.regex(text, /<details open><summary><code>web2<\/code>: 1 failure<\/summary>\n\n```diff\n✗ web2: unreachable/);
});

test('a plan that is too long for a comment is cut, and says how much is missing', (t) => {
  const lines = (seed: string) => Array.from({length: 60}, (_, index) => `${seed} line ${index}`).join('\n');
  const hosts = Array.from({length: 40}, (_, host) => {
    const tasks = Array.from({length: 5}, (_, file) => written(`/etc/${host}-${file}`, undefined, lines(`${host}`)));
    return hostPlan(`web${host}`, tasks);
  });
  const text = render(...hosts);
  t.true(text.length <= 65_536 && text.length > 60_000, String(text.length));
  const [, changes = '', left = ''] = /Cut here: (\d+) more changes on (\d+) hosts not shown/.exec(text) ?? [];
  const shown = text.match(/^\+ file \/etc/gm)?.length ?? 0;
  t.is(shown + Number(changes), 200);
  t.true(Number(left) > 0);
  t.is(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
});

test('thousands of hosts, and one enormous change, leave room for the rest', (t) => {
  const many = Array.from({length: 3000}, (_, index) => hostPlan(`host-with-a-long-name-${index}`, []));
  const text = render(
    hostPlan('web1', [written('/big', undefined, 'x\n'.repeat(30_000)), written('/small', 'a\n', 'b\n')]),
    ...many,
  );
  t.true(text.length <= 65_536);
  t.regex(text, /… and \d+ more hosts not shown\./);
  t.regex(text, /… \d+ more lines not shown/);
  t.regex(text, /^! file \/small$/m);
});
