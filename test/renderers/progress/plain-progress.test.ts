import test from 'ava';
import type {RunEvent} from '../../../src/model/index.js';
import {plainText} from '../as-text.js';

const about = {host: 'web1', play: 'web'};

const EVENTS: readonly RunEvent[] = [
  {type: 'host-connecting', host: 'web1'},
  {type: 'host-connected', host: 'web1', seconds: 0.21},
  {type: 'host-planned', host: 'web1', changes: 2, seconds: 0.3},
  {type: 'play-started', ...about},
  {type: 'task-started', ...about, task: 'file /etc/a'},
  {type: 'task-changed', ...about, task: 'file /etc/a', action: 'create', seconds: 0.4},
  {type: 'task-unchanged', ...about, task: 'service nginx'},
  {type: 'handler-started', ...about, handler: 'reload nginx'},
  {type: 'handler-ran', ...about, handler: 'reload nginx', seconds: 1.2},
  {type: 'play-finished', ...about},
  {type: 'host-verified', host: 'web1', seconds: 0.2},
  {type: 'host-finished', host: 'web1', changed: 1},
  {type: 'host-failed', host: 'lb1', failure: {reason: 'locked', message: 'Another\nrun.'}},
];

test('everything that has happened is one plain line', (t) => {
  t.is(
    plainText(EVENTS, {hosts: ['web1', 'lb1']}),
    `web1  connected  0.2s
web1  planned    2 changes 0.3s
web1  play       web
web1  changed    file /etc/a (create) 0.4s
web1  unchanged  service nginx
web1  ran        reload nginx 1.2s
web1  verified   0.2s
web1  finished   1 changed
lb1   failed     locked: Another␊run.
`,
  );
});

test('with many hosts, only their ends and what went wrong are shown', (t) => {
  const hosts = ['web1', 'lb1', ...Array.from({length: 20}, (_, index) => `h${index}`)];
  t.is(
    plainText(EVENTS, {hosts, condense: true}),
    'web1  finished   1 changed\nlb1   failed     locked: Another␊run.\n',
  );
});
