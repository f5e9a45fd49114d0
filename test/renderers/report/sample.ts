import type {RunEvent} from '../../../src/model/index.js';
import type {Drawing} from '../../../src/renderers/report/index.js';

/** Text that would be more than a text where it is not escaped. */
export const HOSTILE = '</script></style><img src=x onerror=alert(1)>"\'&\u0007\u202e';

const START = Date.parse('2026-11-22T10:30:04.000Z');

/** An event `seconds` after the beginning. */
export const at = (seconds: number, event: RunEvent) => ({
  ...event,
  time: new Date(START + seconds * 1000).toISOString(),
});

type Events = readonly ReturnType<typeof at>[];

const HEAD = {
  run: '20261122-103004-k7f2',
  started: new Date(START).toISOString(),
  operator: 'alice',
  machine: 'laptop',
  version: '0.1.0',
  arguments: ['apply', '--yes'],
  playbook: {file: 'playbooks/site.ts', name: 'shop'},
  inventory: {file: 'inventory/hosts.yml'},
};

/** A run that has ended after 20 seconds, on these hosts. */
export function runOf(hosts: readonly string[], events: Events, exitCode: 0 | 1 = 0) {
  const tail = {ended: new Date(START + 20_000).toISOString(), exitCode, outcome: 'applied'};
  return {head: {...HEAD, hosts}, tail, events};
}

export const NO_DRAWING: Drawing = {because: 'The drawing is left out: inventory/hosts.yml changed since this run.'};

export const AROUND = {drawing: NO_DRAWING, isRunning: false, left: [], version: '0.1.0'};

/** A task that changed a line of a file. */
export function changed(host: string, task: string, seconds = 1): RunEvent {
  const rows = [
    {sign: '-', pieces: [{text: 'old'}]},
    {sign: '+', pieces: [{text: 'new '.repeat(60)}]},
  ] as const;
  const hunk = {before: {from: 1, count: 1}, after: {from: 1, count: 1}, rows};
  const diff = [{name: 'content', kind: 'hunks', title: task, hunks: [hunk]}] as const;
  return {type: 'task-changed', host, play: 'web', task, action: 'update', seconds, diff};
}

/** One of everything: web1 gets through, web2 fails in the middle, and what they are called and print is hostile. */
export function everything() {
  const [one, two] = ['web1', `web2${HOSTILE}`];
  const about = (host: string) => ({host, play: `web ${HOSTILE}`});
  const failure = {
    reason: 'command-failed',
    message: `its command ended with exit code 1 ${HOSTILE}`,
    hint: 'Fix the cause and apply again.',
    task: `command ${HOSTILE}`,
    play: `web ${HOSTILE}`,
    command: `make ${HOSTILE}\nmake install`,
    exitCode: 1,
    output: `line\n${HOSTILE}\n${'long '.repeat(100)}`,
    at: {file: '/site.ts', line: 3, column: 5},
  } as const;
  const skipped = [{play: 'later', task: `file ${HOSTILE}`, because: 'tags'}] as const;
  const begin = (host: string) => [
    at(0, {type: 'host-connecting', host}),
    at(1, {type: 'host-connected', host, seconds: 1}),
    at(3, {type: 'host-planned', host, changes: 2, seconds: 3, unchanged: 4, skipped}),
  ];
  const commands = [`make ${HOSTILE}`];
  const printed = (host: string, text: string) =>
    ({type: 'output', ...about(host), task: 'command make', stream: 'stdout', text}) as const;
  const events = [
    ...[...begin(one), ...begin(two)],
    at(5, {type: 'play-started', ...about(one)}),
    at(5, {type: 'task-started', ...about(one), task: `file ${HOSTILE}`}),
    at(6, {...changed(one, `file ${HOSTILE}`), ...about(one)} as RunEvent),
    at(6, {type: 'task-started', ...about(one), task: 'command make', commands}),
    at(7, printed(one, `made ${HOSTILE}`)),
    at(7, {type: 'task-ignored', ...about(one), task: 'command make', failure, seconds: 1}),
    at(8, {type: 'handler-started', ...about(one), handler: 'reload nginx', commands}),
    at(9, {type: 'handler-ran', ...about(one), handler: 'reload nginx', seconds: 1}),
    at(9, {type: 'play-finished', ...about(one)}),
    at(10, {type: 'play-started', ...about(two)}),
    at(10, {type: 'task-started', ...about(two), task: failure.task, commands}),
    at(12, {type: 'host-failed', host: two, failure}),
    at(12, {type: 'host-finished', host: two, changed: 0}),
    at(15, {type: 'host-verified', host: one, seconds: 2}),
    at(15, {type: 'host-finished', host: one, changed: 1}),
  ];
  return runOf([one, two, 'web3'], events, 1);
}

/** Every host with as many changes, each different. */
export function large(hosts: number, tasks: number) {
  const names = Array.from({length: hosts}, (_, index) => `host${index}`);
  const events = names.flatMap((host) => [
    at(0, {type: 'host-connecting', host}),
    ...Array.from({length: tasks}, (_, index) => [
      at(1 + index / 10, {type: 'task-started', host, play: 'web', task: `file /srv/${host}/${index}`}),
      at(1.05 + index / 10, changed(host, `file /srv/${host}/${index}`)),
    ]).flat(),
    at(15, {type: 'host-verified', host, seconds: 2}),
    at(15, {type: 'host-finished', host, changed: tasks}),
  ]);
  return runOf(names, events);
}
