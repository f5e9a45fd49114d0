import test from 'ava';
import type {RunEvent} from '../../../src/model/index.js';
import {summarise} from '../../../src/model/index.js';
import {renderSummary} from '../as-text.js';

const EVENTS: readonly RunEvent[] = [
  {type: 'host-connected', host: 'lb1', seconds: 0.25},
  {type: 'host-finished', host: 'lb1', changed: 0},
  {type: 'task-changed', host: 'web1', play: 'web', task: 'apt nginx', action: 'create', seconds: 41},
  {type: 'handler-ran', host: 'web1', play: 'web', handler: 'reload nginx', seconds: 1},
  {type: 'host-finished', host: 'web1', changed: 1},
  {type: 'host-failed', host: 'web2', failure: {reason: 'command-failed', task: 'apt nginx', message: 'No space.'}},
  {type: 'host-failed', host: 'db1', failure: {reason: 'unreachable', message: 'No answer.'}},
];

test('the summary has a line for each host and a line for all', (t) => {
  t.is(
    renderSummary(summarise(EVENTS)),
    `✓ lb1   ok             0.3s
✓ web1  changed         42s  1 changed, 1 handler
✗ web2  failed               apt nginx
✗ db1   unreachable          No answer.
Done: 4 hosts · 1 ok, 1 changed, 1 failed, 1 unreachable · 1 task changed
`,
  );
});

test('a brief summary is only the line for all', (t) => {
  t.is(
    renderSummary(summarise(EVENTS), {brief: true}),
    'Done: 4 hosts · 1 ok, 1 changed, 1 failed, 1 unreachable · 1 task changed\n',
  );
});

test('with many hosts, only those on which something went wrong are listed', (t) => {
  const fine = Array.from(
    {length: 30},
    (_, index): RunEvent => ({type: 'host-finished', host: `h${index}`, changed: 0}),
  );
  t.is(
    renderSummary(summarise([...fine, ...EVENTS]), {condense: true}),
    `✗ web2  failed               apt nginx
✗ db1   unreachable          No answer.
Done: 34 hosts · 31 ok, 1 changed, 1 failed, 1 unreachable · 1 task changed
`,
  );
});

test('a long reason is cut at the width', (t) => {
  const message = 'The server closed the connection before it said which version of the protocol it speaks.';
  const summary = summarise([{type: 'host-failed', host: 'db1', failure: {reason: 'unreachable', message}}]);
  t.true(
    renderSummary(summary, {width: 60}).startsWith('✗ db1  unreachable          The server closed the connectio…\n'),
  );
});
