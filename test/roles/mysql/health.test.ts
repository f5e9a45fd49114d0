import {spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {databaseHealth} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.10}}}
primary: {hosts: {db1: {address: 192.0.2.1}}}
`;

/** The program that answers on a host, with a client that prints `report` in place of the server's. */
function ask(path: string, report: string | undefined, inStep?: number, drained = false): string {
  const directory = mkdtempSync(join(tmpdir(), 'infra-health-'));
  const task = compile(databaseHealth({maxLag: 30}), SITE, 'primary').get('template /usr/local/sbin/database-health');
  const program = written(task)
    .text.replaceAll('/run/database-health', directory)
    .replaceAll('/etc/mysql/drain', `${directory}/drain`);
  const client = report === undefined ? 'echo ERROR; exit 1' : `cat >/dev/null; cat <<'E'\n${report}\nE`;
  writeFileSync(join(directory, 'mariadb'), `#!/bin/sh\n${client}\n`);
  chmodSync(join(directory, 'mariadb'), 0o755);
  if (drained) writeFileSync(join(directory, 'drain'), '');
  if (inStep !== undefined) {
    writeFileSync(join(directory, 'in-step'), '');
    utimesSync(join(directory, 'in-step'), Date.now() / 1000 - inStep, Date.now() / 1000 - inStep);
  }
  const {stdout} = spawnSync('sh', ['-c', program], {
    input: `GET ${path} HTTP/1.1\r\nHost: db1\r\n\r\n`,
    env: {PATH: `${directory}:${process.env.PATH}`},
    encoding: 'utf8',
  });
  const [head = '', body = ''] = stdout.split('\r\n\r\n');
  const length = /Content-Length: (\d+)/.exec(head)?.[1];
  return Number(length) === body.length ? `${/ (\d+) /.exec(head)?.[1]} ${body.trim()}` : `wrong length: ${stdout}`;
}

const alone = (readOnly: number) => `*** 1. row ***\nread_only: ${readOnly}`;

const copying = (io: string, sql: string, lag: string, words = ['Slave', 'Master']) => `${alone(1)}
*** 1. row ***
              ${words[0]}_IO_State: Waiting for ${words[1]} to send event
              ${words[0]}_IO_Running: ${io}
             ${words[0]}_SQL_Running: ${sql}
               Last_IO_Error: error connecting to ${words[1]}: Slave_IO_Running
             Seconds_Behind_${words[1]}: ${lag}`;

test('a primary takes writes and is not a replica', (t) => {
  t.is(ask('/primary', alone(0)), '200 primary');
  t.is(ask('/primary', alone(1)), '503 it is read-only');
  t.is(ask('/replica', alone(0)), '503 it is not a replica');
  t.is(ask('/primary', copying('Yes', 'Yes', '0').replace('read_only: 1', 'read_only: 0')), '503 it is a replica');
});

test('a replica is healthy up to the allowed lag, in the output of both families', (t) => {
  t.is(ask('/replica', copying('Yes', 'Yes', '30')), '200 30 s behind');
  t.is(ask('/replica', copying('Yes', 'Yes', '31')), '503 31 s behind');
  t.is(ask('/replica', copying('Yes', 'Yes', 'NULL')), '503 NULL s behind');
  t.is(ask('/replica', copying('Yes', 'Yes', '2', ['Replica', 'Source'])), '200 2 s behind');
});

test('a stopped replica is unhealthy, and one whose primary is down as soon as it may have missed too much', (t) => {
  t.is(ask('/replica', copying('Yes', 'No', 'NULL'), 0), '503 it does not apply the changes of its primary');
  t.is(ask('/replica', copying('No', 'Yes', 'NULL'), 0), '503 it does not replicate');
  t.regex(ask('/replica', copying('Connecting', 'Yes', 'NULL'), 5), /^200 its primary was reached \d+ s ago$/);
  t.is(ask('/replica', copying('Connecting', 'Yes', 'NULL'), 40), '503 its primary cannot be reached');
  t.is(ask('/replica', copying('Connecting', 'Yes', 'NULL')), '503 its primary cannot be reached');
});

test('a drained server and one that does not answer are neither', (t) => {
  t.regex(ask('/primary', alone(0), undefined, true), /^503 drained: .* exists$/);
  t.is(ask('/primary', undefined), '503 the server does not answer');
  t.is(ask('/', alone(0)), '404 ask for /primary or /replica');
});
