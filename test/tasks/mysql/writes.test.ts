import test from 'ava';
import {closeWrites, endClients, fenceWrites, openWrites} from '../../../src/tasks/mysql/writes.js';

test('clients may write only after writes wait for replicas', (t) => {
  t.is(
    openWrites('mariadb'),
    'SET GLOBAL rpl_semi_sync_master_enabled = @@GLOBAL.rpl_semi_sync_slave_enabled;\nSET GLOBAL read_only = OFF;',
  );
  t.is(
    openWrites('mysql', {acks: 2}),
    `SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = 2;
SET GLOBAL rpl_semi_sync_source_enabled = @@GLOBAL.rpl_semi_sync_replica_enabled;
SET GLOBAL read_only = OFF;`,
  );
  t.notRegex(openWrites('mariadb', {acks: 2}), /count/, 'MariaDB always waits for one');
  t.is(openWrites('mysql', {semiSync: false}), 'SET GLOBAL read_only = OFF;');
});

test('commits that wait for a replica are not let go while clients would take them for acknowledged', (t) => {
  t.is(
    closeWrites('mysql'),
    `SET SESSION lock_wait_timeout = 10;
SET GLOBAL super_read_only = ON;
SET GLOBAL rpl_semi_sync_source_enabled = OFF;`,
  );
  t.is(
    closeWrites('mariadb', {seconds: 2, semiSync: false}),
    'SET SESSION lock_wait_timeout = 2;\nSET GLOBAL read_only = ON;',
  );
});

test('a fence ends clients, and lets commits go only on MySQL, where a killed session goes on to wait', (t) => {
  const [mariadb = '', mysql = ''] = (['mariadb', 'mysql'] as const).map((family) => fenceWrites(family).reveal());
  const letsGo = /--force 2>\/dev\/null \|\| true; [^|]*SET GLOBAL rpl_semi_sync_\w+_enabled = OFF;' \|/;
  t.regex(mariadb, /KILL &;\/' \| mariadb --skip-ssl --force/);
  t.notRegex(mariadb, letsGo);
  t.regex(mysql, letsGo);
});

test('a program that logs in on the host at the moment is not taken for a client', (t) => {
  for (const family of ['mariadb', 'mysql'] as const)
    t.regex(endClients(family).reveal(), /AND NOT \(user = .*unauthenticated user.* AND host = .*localhost.*\)/);
});
