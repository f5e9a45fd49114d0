import test from 'ava';
import {Describer} from '../../src/diff/index.js';
import {type AttributeChange, Content, type Diff, type Drift, type RunEvent} from '../../src/model/index.js';
import {limitEvents} from '../../src/session/active-run.js';
import {renderDiff} from '../renderers/as-text.js';

const about = {host: 'web1', play: 'web', task: 'file /etc/a b', action: 'update', seconds: 1} as const;

const diffsOf = (changes: readonly AttributeChange[]) => new Describer().difference(changes, '/etc/a b');

const changed = (...changes: AttributeChange[]): RunEvent => ({
  ...{type: 'task-changed', ...about},
  diff: diffsOf(changes),
});

/** What people see of diffs, but for the empty lines after contents. */
const shown = (diffs: readonly Diff[] = []) => diffs.flatMap((each) => renderDiff(each)).filter((line) => line !== '');

function linesOf(event: RunEvent): readonly string[] {
  return event.type === 'task-changed' ? shown(event.diff) : [];
}

test('a change is kept as its plan shows it, without the contents', (t) => {
  const content = {name: 'content', before: Content.of('one\ntwo\n'), after: Content.of('one\n2\n'), sensitive: false};
  const mode = {name: 'mode', before: '0600', after: '0644', sensitive: false};
  const event = limitEvents()(changed(mode, content));
  t.deepEqual(linesOf(event), [
    'mode: 0600 → 0644',
    ...['--- /etc/a b', '+++ /etc/a b', '@@ -1,2 +1,2 @@', ' one', '-two', '+2'],
  ]);
  t.false(JSON.stringify(event).includes('sha256'));
});

test('nothing of a secret is kept', (t) => {
  const content = {name: 'content', before: undefined, after: Content.of('canary-1\n', true), sensitive: true};
  const password = {name: 'password', before: 'canary-2', after: 'canary-3', sensitive: true};
  const event = limitEvents()(changed(content, password));
  t.false(JSON.stringify(event).includes('canary'));
  t.deepEqual(linesOf(event), ['content: (sensitive, 1 line)', 'password: (sensitive) changes']);
});

/** As the event of a host that failed has it, and the one of a task whose failure is ignored. */
function keptDrift(show: (event: RunEvent) => RunEvent, ...drift: Drift[]): readonly (readonly Drift[])[] {
  const failure = {reason: 'drifted', message: 'It is no longer as it was.', drift} as const;
  const failed: RunEvent = {type: 'host-failed', host: 'web1', failure};
  const ignored: RunEvent = {type: 'task-ignored', host: 'web1', play: 'web', task: about.task, failure, seconds: 1};
  return [failed, ignored].map((event) => {
    const kept = show(event);
    return 'failure' in kept ? (kept.failure.drift ?? []) : [];
  });
}

test('drift is kept as people see it, without secrets', (t) => {
  const changes = [
    {name: 'mode', before: '0600', after: '0644', sensitive: false},
    {name: 'content', before: Content.of('one\ntwo\n'), after: Content.of('one\n2\n'), sensitive: false},
    {name: 'password', before: 'canary-1', after: 'canary-2', sensitive: true},
    {name: 'key', before: Content.of('canary-3\n', true), after: Content.of('canary-4\n', true), sensitive: true},
  ];
  const known = {task: 'file /etc/a b', play: 'web', note: 'it differs'};
  const lines = [
    'mode: 0600 → 0644',
    ...['--- /etc/a b', '+++ /etc/a b', '@@ -1,2 +1,2 @@', ' one', '-two', '+2'],
    'password: (sensitive) changes',
    'key: (sensitive, 1 line, 1 changed)',
  ];
  for (const drift of keptDrift(limitEvents(), {...known, changes: diffsOf(changes)})) {
    t.deepEqual(
      drift.map(({changes: kept, ...rest}) => ({...rest, lines: shown(kept)})),
      [{...known, lines}],
    );
    t.false(JSON.stringify(drift).includes('canary'));
  }
});

test('no more of a drift is kept than the limit', (t) => {
  const long = {name: 'content', before: undefined, after: Content.of('0123456789\n'.repeat(3000)), sensitive: false};
  const [[drift] = []] = keptDrift(limitEvents(), {task: 'file /etc/a', changes: diffsOf([long])});
  t.is(shown(drift?.changes).at(-1), '… 1335 more lines not kept');
});

test('a run keeps no more than the limit, and counts what is left out', (t) => {
  const after = Content.of('0123456789\n'.repeat(3000));
  const content = {name: 'content', before: undefined, after, sensitive: false};
  const show = limitEvents();
  t.is(linesOf(show(changed(content))).at(-1), '… 1335 more lines not kept');
  for (let count = 0; count < 500; count += 1) show(changed(content));
  t.deepEqual(linesOf(show(changed(content))), ['… 3001 more lines not kept']);
});

test('other events stay as they are', (t) => {
  const event: RunEvent = {type: 'host-finished', host: 'web1', changed: 1};
  t.is(limitEvents()(event), event);
});
