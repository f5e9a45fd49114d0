import test from 'ava';
import {Secret} from '../../../src/shell/index.js';
import {mysqlReplica, mysqlUser} from '../../../src/tasks/index.js';

const password = new Secret('correct-horse');
const replica = mysqlReplica({source: '192.0.2.1', user: 'replicator', password});

const failed = (stderr: string) => ({code: 1, stdout: '', stderr, truncated: false});

test('a replication that does not start names the next step', (t) => {
  t.regex(String(replica.hint?.(failed('Last_IO_Error: Got fatal error 1236 from source'))), /Copy its data/);
  t.regex(String(replica.hint?.(failed("Last_IO_Error: Access denied for user 'replicator'"))), /password and hosts/);
  t.regex(String(replica.hint?.(failed('Last_SQL_Error: Duplicate entry 9'))), /differs from its primary/);
  t.is(replica.hint?.(failed('something else')), undefined);
});

test('a password is in the script that sets it, and nowhere that people look', (t) => {
  const reply = {code: 0, stdout: 'server: 11.8.6-MariaDB\nuser_databases: NULL\n', stderr: '', truncated: false};
  const verdict = replica.open({templateDirectories: []}).judge(reply);
  if (verdict.type !== 'change') return t.fail();
  t.true(verdict.commands.some((command) => command.reveal().includes('correct-horse')));
  t.false(JSON.stringify(verdict).includes('correct-horse'));
  return t.false(verdict.commands.map(String).join('\n').includes('correct-horse'));
});

test('the server never sees the clear text of a password of its users', (t) => {
  const task = mysqlUser({name: 'app', hosts: ['192.0.2.1'], password, grants: {}});
  for (const server of ['11.8.6-MariaDB', '9.7.4']) {
    const reply = {code: 0, stdout: `server\t${server}\n`, stderr: '', truncated: false};
    const verdict = task.open({templateDirectories: []}).judge(reply);
    if (verdict.type !== 'change') return t.fail();
    t.false(
      verdict.commands
        .map((command) => command.reveal())
        .join('\n')
        .includes('correct-horse'),
    );
  }
  return t.pass();
});
