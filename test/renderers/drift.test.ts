import test from 'ava';
import {Describer} from '../../src/diff/index.js';
import {type AttributeChange, Content, type Drift, type Failure} from '../../src/model/index.js';
import {renderRunReport} from '../../src/renderers/report/index.js';
import {renderFailure} from './as-text.js';
import {AROUND, at, runOf} from './report/sample.js';

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

test('what differs from the plan is shown with both states, as a plan shows a change, and no secret', (t) => {
  t.deepEqual(renderFailure(failureWith(DRIFT), {name: 'web1'}).split('\n'), [
    '✗ web1: drifted',
    '  It is no longer as it was.',
    '  file /etc/a b (play web), planned → present',
    ...LINES.map((line) => `    ${line}`.trimEnd()),
    '  next     Plan again.',
    '',
  ]);
});

test('no empty line ends what differs', (t) => {
  const content = {name: 'content', before: Content.of('a\n'), after: Content.of('b\n'), sensitive: false};
  t.regex(renderFailure(failureWith({...DRIFT, changes: diffsOf([content])}), {name: 'web1'}), /\n {4}\+b\n {2}next/);
});

test('a drift from a record is shown as it was', (t) => {
  const kept: Drift = JSON.parse(JSON.stringify(DRIFT));
  t.deepEqual(kept, DRIFT);
  t.is(renderFailure(failureWith(kept), {name: 'web1'}), renderFailure(failureWith(DRIFT), {name: 'web1'}));
});

test('a report shows what differs from the plan with both states', (t) => {
  const failed = at(1, {type: 'host-failed', host: 'web1', failure: failureWith(DRIFT)});
  const page = renderRunReport(runOf(['web1'], [failed], 1), AROUND);
  const text = page
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  t.true(text.includes('file /etc/a b (play web), planned → present\n  mode: 0600 → 0644\n'), text);
  t.regex(text, /-two\n? *\+2/);
  t.false(text.includes('canary'));
});
