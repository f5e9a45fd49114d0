import test from 'ava';
import {Describer} from '../../../src/diff/index.js';
import {
  type Attribute,
  type AttributeChange,
  Content,
  type Diff,
  type Drift,
  type Failure,
  findSecrets,
  nested,
} from '../../../src/model/index.js';
import {renderDiff} from '../../../src/renderers/index.js';
import {renderRunReport} from '../../../src/renderers/report/index.js';
import {Secret} from '../../../src/shell/index.js';
import {renderFailure} from '../as-text.js';
import {AROUND, at, runOf} from '../report/sample.js';

const open = (style: string) => `<${style}>`;

const painted = (diffs: readonly Diff[]) =>
  diffs.flatMap((diff) => renderDiff(diff, 80)).map(({pieces}) => nested(pieces, open, () => '</>'));

const diffOf = (name: string, before: Attribute, after: Attribute) =>
  new Describer().difference([{name, before, after, sensitive: false}], '/etc/a');

test('a diff is coloured, with the words that differ', (t) => {
  const content = diffOf('content', Content.of('port 80;\nx\n'), Content.of('port 81;\nx\n'));
  t.deepEqual(painted([...diffOf('mode', '0600', '0644'), ...content]), [
    'mode: 0600 → 0644',
    ...['<bold>--- /etc/a</>', '<bold>+++ /etc/a</>', '<cyan>@@ -1,2 +1,2 @@</>'],
    ...['<red>-port <inverse>80</>;</>', '<green>+port <inverse>81</>;</>', ' x', ''],
  ]);
});

test('lines that are only added or only removed have no words that differ, and a secret equals nothing', (t) => {
  const lines = painted(diffOf('content', Content.of('d\ne\nf\n'), Content.of('a b\na c\ne\n'))).slice(3);
  t.deepEqual(lines, ['<red>-d</>', '<green>+a b</>', '<green>+a c</>', ' e', '<red>-f</>', '']);
  const secret = (clear: string) => {
    const text = `key=${clear} end\n`;
    return Content.of(text, findSecrets(text, [new Secret(clear)]));
  };
  t.deepEqual(painted(diffOf('content', secret('hunter1'), secret('hunter2'))).slice(3, 5), [
    '<red>-key=<inverse>(sensitive)</> end</>',
    '<green>+key=<inverse>(sensitive)</> end</>',
  ]);
});

test('without colour the lines are the same', (t) => {
  const [diff] = diffOf('content', Content.of('a b\nc'), Content.of('a d\n'));
  t.deepEqual(diff && renderDiff(diff, 80).map(String).slice(3), [
    ...['-a b', '-c', '\\ No newline at end of file', '+a d', ''],
  ]);
});

const diffsOf = (changes: readonly AttributeChange[]) => new Describer().difference(changes, '/etc/a b');

const DRIFT: Drift = {
  task: 'file /etc/a b',
  play: 'web',
  changes: diffsOf([
    {name: 'mode', before: '0600', after: '0644', sensitive: false},
    {name: 'group', before: undefined, after: 'adm', sensitive: false},
    {name: 'content', before: Content.of('one\ntwo\n'), after: Content.of('one\n2\n'), sensitive: false},
    {name: 'password', before: 'canary-1', after: 'canary-2', sensitive: true},
    {name: 'key', before: Content.of('canary-3\n', true), after: Content.of('canary-4\n', true), sensitive: true},
  ]),
};

const failureWith = (drift: Drift): Failure => ({
  reason: 'drifted',
  message: 'It is no longer as it was.',
  hint: 'Plan again.',
  drift: [drift],
});

const LINES = [
  'mode: 0600 → 0644',
  'group: (none) → adm',
  ...['--- /etc/a b', '+++ /etc/a b', '@@ -1,2 +1,2 @@', ' one', '-two', '+2', ''],
  'password: (sensitive) changes',
  'key: (sensitive, 1 line, 1 changed)',
];

test('a drift from the plan is shown with both states, like a change in a plan, and without secrets', (t) => {
  t.deepEqual(renderFailure(failureWith(DRIFT), {name: 'web1'}).split('\n'), [
    '✗ web1: drifted',
    '  It is no longer as it was.',
    '  file /etc/a b (play web), planned → present',
    ...LINES.map((line) => `    ${line}`.trimEnd()),
    '  next     Plan again.',
    '',
  ]);
});

test('a drift does not end with an empty line', (t) => {
  const content = {name: 'content', before: Content.of('a\n'), after: Content.of('b\n'), sensitive: false};
  t.regex(renderFailure(failureWith({...DRIFT, changes: diffsOf([content])}), {name: 'web1'}), /\n {4}\+b\n {2}next/);
});

test('a drift from a record is shown as before', (t) => {
  const kept: Drift = JSON.parse(JSON.stringify(DRIFT));
  t.deepEqual(kept, DRIFT);
  t.is(renderFailure(failureWith(kept), {name: 'web1'}), renderFailure(failureWith(DRIFT), {name: 'web1'}));
});

test('a report shows a drift from the plan with both states', (t) => {
  const failed = at(1, {type: 'host-failed', host: 'web1', failure: failureWith(DRIFT)});
  const page = renderRunReport(runOf(['web1'], [failed], 1), AROUND);
  const text = page
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  t.true(text.includes('file /etc/a b (play web), planned → present\n  mode: 0600 → 0644\n'), text);
  t.regex(text, /-two\n? *\+2/);
  t.false(text.includes('canary'));
});
