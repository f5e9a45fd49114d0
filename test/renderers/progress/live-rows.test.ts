import test from 'ava';
import type {RunEvent} from '../../../src/model/index.js';
import {advanceRow, type HostRow, waitingRow} from '../../../src/renderers/progress/live-rows.js';
import {renderRows} from '../as-text.js';

const view = {width: 60, height: 23, now: 5000, began: 500, spinner: ['*']};

const rowAfter = (host: string, ...events: RunEvent[]) => {
  return events.reduce<HostRow>((row, event) => advanceRow(row, event, 1000), waitingRow(host));
};

const started = (host: string, task: string): RunEvent => ({type: 'task-started', host, play: 'web', task});

const changed = (host: string): RunEvent => {
  return {type: 'task-changed', host, play: 'web', task: 'apt nginx', action: 'create', seconds: 1};
};

const failed = (host: string): RunEvent => {
  return {type: 'host-failed', host, failure: {reason: 'unreachable', message: 'No answer.'}};
};

test('each host has a row with what it does, how much it changed, and for how long', (t) => {
  const rows = [
    rowAfter('lb1', changed('lb1'), {type: 'host-finished', host: 'lb1', changed: 1}),
    rowAfter('web1', changed('web1'), started('web1', 'template /etc/nginx/sites-available/site')),
    rowAfter('web2', failed('web2'), started('web2', 'apt nginx')),
    rowAfter('db1', {type: 'host-planned', host: 'db1', changes: 1, seconds: 1}),
    waitingRow('db2'),
  ];
  t.deepEqual(renderRows(rows, view), [
    '✓ lb1   1 changed',
    '* web1  web · template /etc…ailable/site    1 changed     4s',
    '✗ web2  unreachable: No answer.',
    '· db1   planned, 1 change',
    '· db2   waiting',
    '  1 of 5 done · 1 running · 1 failed · 4s',
  ]);
  t.deepEqual(renderRows([waitingRow('db2')], view), ['· db2  waiting']);
});

test('a host that has finished a play is not running until its next play begins', (t) => {
  const row = rowAfter('lb1', changed('lb1'), {type: 'play-finished', host: 'lb1', play: 'firewall'});
  t.deepEqual(renderRows([row], view), ['· lb1  firewall · done']);
  const next = advanceRow(row, {type: 'play-started', host: 'lb1', play: 'balancer'}, 4900);
  t.regex(renderRows([next], view)[0] ?? '', /^\* lb1 {2}balancer +1 changed/);
});

test('with many hosts, only those that failed or are running are shown, and totals', (t) => {
  const idle = Array.from({length: 30}, (_, index) => waitingRow(`idle${index}`));
  const rows = [...idle, rowAfter('web1', started('web1', 'apt nginx')), rowAfter('web2', failed('web2'))];
  t.deepEqual(renderRows(rows, {...view, width: 80, height: 20}), [
    '✗ web2  unreachable: No answer.',
    '* web1  web · apt nginx                                                       4s',
    '  0 of 32 hosts done · 1 running · 30 waiting · 1 failed · 0 changed · 4s',
  ]);
});

test('with little room, the hosts that are done and that failed are still counted', (t) => {
  const idle = Array.from({length: 200}, (_, index) => waitingRow(`idle${index}`));
  const rows = [...idle, rowAfter('web2', failed('web2'))];
  const totals = (width: number) => renderRows(rows, {...view, width}).at(-1);
  t.is(totals(40), '  0 of 201 · 1 failed');
  t.is(totals(50), '  0 of 201 done · 0 running · 1 failed · 4s');
  t.is(totals(10), '  0 of 20…');
});

test('the drawing is never higher or wider than the terminal', (t) => {
  const rows = Array.from({length: 100}, (_, index) => rowAfter(`host${index}`, started('x', 'y'.repeat(200))));
  for (const height of [1, 2, 5, 30]) {
    for (const width of [20, 80]) {
      const lines = renderRows(rows, {...view, height, width});
      t.true(lines.length <= Math.max(1, height));
      t.true(lines.every((line) => line.length <= width));
    }
  }
});
