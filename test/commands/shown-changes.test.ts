import test from 'ava';
import {changesShown} from '../../src/commands/shown-changes.js';
import {type AttributeChange, Content, type RunEvent} from '../../src/model/index.js';

const about = {host: 'web1', play: 'web', task: 'file /etc/a b', action: 'update', seconds: 1} as const;

const changed = (...diff: AttributeChange[]): RunEvent => ({type: 'task-changed', ...about, diff});

function linesOf(event: RunEvent): readonly string[] {
  return event.type === 'task-changed' ? (event.diff ?? []).flatMap(({shown}) => shown ?? []) : [];
}

test('a change is kept as the lines of its plan, without a value', (t) => {
  const content = {name: 'content', before: Content.of('one\ntwo\n'), after: Content.of('one\n2\n'), sensitive: false};
  const mode = {name: 'mode', before: '0600', after: '0644', sensitive: false};
  const event = changesShown()(changed(mode, content));
  t.deepEqual(linesOf(event), [
    'mode: 0600 → 0644',
    ...['--- /etc/a b', '+++ /etc/a b', '@@ -1,2 +1,2 @@', ' one', '-two', '+2'],
  ]);
  t.false(JSON.stringify(event).includes('before'));
});

test('of a secret nothing is kept', (t) => {
  const content = {name: 'content', before: undefined, after: Content.of('canary-1\n', true), sensitive: true};
  const password = {name: 'password', before: 'canary-2', after: 'canary-3', sensitive: true};
  const event = changesShown()(changed(content, password));
  t.false(JSON.stringify(event).includes('canary'));
  t.deepEqual(linesOf(event), ['content: (sensitive, 1 line)', 'password: (sensitive) changes']);
});

test('a run keeps no more than has room, and counts what is left out', (t) => {
  const after = Content.of('0123456789\n'.repeat(3000));
  const content = {name: 'content', before: undefined, after, sensitive: false};
  const show = changesShown();
  t.is(linesOf(show(changed(content))).at(-1), '… 1335 more lines not kept');
  for (let count = 0; count < 500; count += 1) show(changed(content));
  t.deepEqual(linesOf(show(changed(content))), ['… 3001 more lines not kept']);
});

test('other events stay as they are', (t) => {
  const event: RunEvent = {type: 'host-finished', host: 'web1', changed: 1};
  t.is(changesShown()(event), event);
});
