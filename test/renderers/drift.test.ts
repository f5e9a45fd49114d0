import test from 'ava';
import {Content, type Drift, type Failure} from '../../src/model/index.js';
import {renderRunReport} from '../../src/renderers/report/index.js';
import {renderFailure} from './as-text.js';
import {AROUND, at, runOf} from './report/sample.js';

const DRIFT: Drift = {
  task: 'file /etc/a b',
  play: 'web',
  changes: [
    {name: 'mode', before: '0600', after: '0644', sensitive: false},
    {name: 'group', before: undefined, after: 'adm', sensitive: false},
    {name: 'content', before: Content.of('one\ntwo\n'), after: Content.of('one\n2\n'), sensitive: false},
    {name: 'password', before: 'canary-1', after: 'canary-2', sensitive: true},
    {name: 'key', before: Content.of('canary-3\n', true), after: Content.of('canary-4\n', true), sensitive: true},
  ],
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
  t.regex(renderFailure(failureWith({...DRIFT, changes: [content]}), {name: 'web1'}), /\n {4}\+b\n {2}next/);
});

test('lines that were kept are shown as the changes that they were made of', (t) => {
  const {changes, ...known} = DRIFT;
  const kept = renderFailure(failureWith({...known, lines: LINES}), {name: 'web1'});
  t.is(kept, renderFailure(failureWith(DRIFT), {name: 'web1'}));
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
