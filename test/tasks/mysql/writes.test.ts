import test from 'ava';
import {closeWrites, closeWritesOfAll, endClients, fenceWrites, openWrites} from '../../../src/tasks/mysql/writes.js';

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
  const letsGo =
    /--force 2>\/dev\/null \|\| true; printf[^|]*SET GLOBAL rpl_semi_sync_\w+_enabled = OFF;' \|[^;]*; \}; done/;
  t.regex(mariadb, /KILL &;\/' \| mariadb --skip-ssl --force/);
  t.notRegex(mariadb, letsGo);
  t.regex(mysql, letsGo);
});

test('a program that logs in on the host at the moment is not taken for a client', (t) => {
  for (const family of ['mariadb', 'mysql'] as const)
    t.regex(endClients(family).reveal(), /AND NOT \(user = .*unauthenticated user.* AND host = .*localhost.*\)/);
});

test('clients that keep a server from closing are ended after two seconds, and no commit is let go for them', (t) => {
  for (const family of ['mariadb', 'mysql'] as const) {
    const text = closeWritesOfAll(family, {seconds: 5, semiSync: true}).reveal();
    t.regex(text, /sleep 0\.5; \[ \$n -lt 10 \]\s.* \[ \$n -lt 4 \] \|\|/);
    t.regex(text, /2>\/dev\/null \|\| true; \}; done/);
    t.is(text.match(/rpl_semi_sync/g)?.length, 1, 'only after it has closed');
  }
});

test('a commit of root that waits for a replica is ended like that of a client', (t) => {
  const text = endClients('mysql').reveal();
  t.regex(text, /WHERE \(user NOT IN \(.*\) OR state LIKE .*Waiting for semi-sync ACK%/);
});
