import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {knownHostsOf} from '../../../src/commands/init/known-hosts.js';
import {choices} from '../../project/choices.js';

const HEADER = `# Confirmed host keys of the servers. A server that shows another key is refused. Commit this file.
`;

/** The change for two servers (the second at port 2222), with this file of the project and these confirmed keys. */
function changeWith(t: ExecutionContext, own: string | undefined, confirmed: string) {
  const root = mkdtempSync(join(tmpdir(), 'infra-known-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  mkdirSync(join(root, 'inventory'));
  if (own !== undefined) writeFileSync(join(root, 'inventory/known_hosts'), own);
  writeFileSync(join(root, 'trusted'), confirmed);
  const servers = [
    {name: 'lb1', address: '192.0.2.1', roles: ['balancer' as const]},
    {name: 'app1', address: 'APP.example.org', port: 2222, roles: ['web' as const]},
  ];
  return knownHostsOf(root, join(root, 'trusted'), choices({servers}));
}

const [LB, APP] = ['192.0.2.1 ssh-ed25519 AAAAone\n', '[app.example.org]:2222 ssh-ed25519 AAAAtwo\n'];

const NOT_CONFIRMED = (names: string) =>
  `The host keys of ${names} are not known: infra will not connect there. To confirm them, run infra init again.`;

const CASES: readonly (readonly [
  title: string,
  own: string | undefined,
  confirmed: string,
  kind: string,
  after: string,
  ...notes: string[],
])[] = [
  ['a new file has the confirmed keys, in the order of the servers', undefined, APP + LB, 'new', HEADER + LB + APP],
  ['a new file without keys says so', undefined, '', 'new', HEADER, NOT_CONFIRMED('lb1, app1')],
  ['keys that are in the file are not added again', `# mine\n${LB}${APP}`, LB + APP, 'same', `# mine\n${LB}${APP}`],
  ['a server that was not confirmed now keeps its key', LB + APP, '', 'same', LB + APP],
  ['a new key is added below, after a line break', LB.trim(), APP, 'changed', LB + APP],
  [
    'another key of a known server is added',
    LB + APP,
    '192.0.2.1 ssh-rsa AAAAthree\n',
    'changed',
    `${LB}${APP}192.0.2.1 ssh-rsa AAAAthree\n`,
  ],
  [
    'a key at another port is that of another server',
    LB,
    '[192.0.2.1]:2222 x AAAA\n',
    'same',
    LB,
    NOT_CONFIRMED('app1'),
  ],
  ['a revoked key is not copied', LB, `@revoked ${APP}`, 'same', LB, NOT_CONFIRMED('app1')],
];

for (const [title, own, confirmed, kind, after, ...notes] of CASES) {
  test(`the host keys of a project: ${title}`, (t) => {
    t.deepEqual(changeWith(t, own, confirmed), {
      change: {path: 'inventory/known_hosts', kind, before: own, after},
      notes,
    });
  });
}
