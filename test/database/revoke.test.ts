import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {revoke} from '../../src/database/revoke.js';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {REVOKED} from '../../src/tasks/mysql/revocation.js';
import {writePrograms} from '../support/stand-ins.js';

/** A server that ends the thread when its connection is ended, or when there is no file `dead`. */
const CLIENT = `case $(cat) in
*IS_FREE_LOCK*) echo 1 ;;
*'STOP REPLICA IO_THREAD'*) [ ! -e dead ] || until [ -e killed ]; do sleep 0.05; done; echo stopped >>told; exit $(cat code) ;;
esac
`;
const SS = 'echo "ss $*" >>told\ntouch killed\n';

function hostOf(t: ExecutionContext, family: ServerFamily) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-revoke-'));
  t.teardown(() => rmSync(directory, {recursive: true, force: true}));
  const put = (name: string, text: string) => writeFileSync(join(directory, name), text);
  writePrograms(directory, {[family]: CLIENT, ss: SS, sync: ''});
  put('code', '0');
  const run = (...from: Parameters<typeof revoke>) => {
    const text = revoke(...from)
      .reveal()
      .replaceAll(dirname(REVOKED[family]), directory);
    const env = {PATH: `${directory}:/usr/bin:/bin`};
    return spawnSync('sh', [], {input: text, env, cwd: directory, timeout: 60_000}).status;
  };
  return {put, run, told: () => readFileSync(join(directory, 'told'), 'utf8').split('\n').slice(0, -1)};
}

for (const family of ['mariadb', 'mysql'] as const) {
  test(`${family}: connections to a source without power are ended, so that the thread ends at once`, (t) => {
    const host = hostOf(t, family);
    host.put('dead', '');
    t.is(host.run(family, {source: '192.0.2.1', port: 3306}), 0);
    t.is(host.told()[0], 'ss --kill --tcp state connected dst 192.0.2.1 dport = 3306');
    t.is(host.told().at(-1), 'stopped');
  });
}

test('the connections to a source that takes its leave are not touched', (t) => {
  const host = hostOf(t, 'mariadb');
  t.is(host.run('mariadb', {source: '192.0.2.1', port: 3306}), 0);
  t.deepEqual(host.told(), ['stopped']);
});

test('a thread that cannot be ended is a failure, and an address of IPv6 is in brackets', (t) => {
  const host = hostOf(t, 'mysql');
  host.put('dead', '');
  host.put('code', '1');
  t.is(host.run('mysql', {source: '2001:db8::1', port: 3307}), 1);
  t.is(host.told()[0], 'ss --kill --tcp state connected dst [2001:db8::1] dport = 3307');
});

test('nothing is stopped that a restart would begin again', (t) => {
  const host = hostOf(t, 'mariadb');
  host.put('told', '');
  host.put('sync', '#!/bin/sh\nexit 1\n');
  t.not(host.run('mariadb', {source: '192.0.2.1', port: 3306}), 0);
  t.deepEqual(host.told(), []);
});
