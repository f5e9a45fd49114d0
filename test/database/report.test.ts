import test from 'ava';
import {saveGhosts} from '../../src/database/ghosts/ghosts.js';
import {parseGtids, render, subtract} from '../../src/database/gtid.js';
import {parseJournal, writeJournal} from '../../src/database/journal.js';
import {promiseOf} from '../../src/database/promise.js';
import {parseReport, reportProbe} from '../../src/database/report.js';
import {findPrimary, rolesIn} from '../../src/database/site.js';
import {FakeServers} from './fake-servers.js';

const row = (number: number, columns: Readonly<Record<string, string | number>>) =>
  [`*************************** ${number}. row ***************************`]
    .concat(Object.entries(columns).map(([name, value]) => `  ${name}: ${value}`))
    .join('\n');

const OWN = {server: '9.7.0', id: 7, read_only: 1, user_databases: 'app shop', waits: 'NULL', connected: 'NULL'};
const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562';

const reply = (stdout: string, code = 0, stderr = '') => ({stdout, stderr, code, truncated: false});
const mysql = (status: Readonly<Record<string, string | number>>, own = {}) =>
  parseReport(reply(`${row(1, {...OWN, executed: `${UUID}:1-5`, ...own})}\n${row(2, status)}\n`));

const STATUS = {
  ...{Source_Host: '192.0.2.1', Source_Port: 3306, Source_Server_Id: 3, Channel_Name: ''},
  ...{Replica_IO_Running: 'Yes', Replica_SQL_Running: 'Yes', Seconds_Behind_Source: 4},
  ...{Retrieved_Gtid_Set: `${UUID}:1-9`, Last_IO_Error: '', Last_SQL_Error: ''},
};

test('what a replica of MySQL says: more received than executed', (t) => {
  const report = mysql(STATUS);
  t.like(report, {serverId: 7, isReadOnly: true, databases: ['app', 'shop'], isRevoked: false, journal: undefined});
  t.deepEqual(report.following, {
    ...{source: '192.0.2.1', port: 3306, sourceId: 3, io: 'yes', sql: true, lag: 4, error: ''},
  });
  t.deepEqual([render(report.executed), render(report.received)], [`${UUID}:1-5`, `${UUID}:1-9`]);
  t.deepEqual(report.semiSync, {waits: false, acks: 0, connected: 0});
});

test('a replica that connects, with an error, and of another channel', (t) => {
  const report = mysql({...STATUS, Replica_IO_Running: 'Connecting', Last_IO_Error: 'no', Last_SQL_Error: 'bad'});
  t.like(report.following, {io: 'connecting', error: 'no; bad'});
  t.is(mysql({...STATUS, Channel_Name: 'other'}).following, undefined);
  t.is(mysql({...STATUS, Seconds_Behind_Source: 'NULL'}).following?.lag, undefined);
  t.throws(() => mysql({Source_Host: 'x', Channel_Name: ''}), {message: /does not say whether replication runs/});
});

test('a revoked server with a journal', (t) => {
  const journal = {operation: 'failover', run: 'r', to: 'db2', phase: 'promoting'} as const;
  const text = `revoked: yes\njournal: ${JSON.stringify(journal)}\n${row(1, {...OWN, executed: ''})}\n`;
  t.like(parseReport(reply(text)), {isRevoked: true, journal, following: undefined});
});

test('a server that hangs, is down or answers nonsense has no report', (t) => {
  t.throws(() => parseReport(reply('', 124)), {message: 'the database server has not answered for 8 s'});
  t.throws(() => parseReport(reply('', 1, 'ERROR 2002 (HY000): no socket')), {message: /server is not running/});
  t.throws(() => parseReport(reply('no client\n')), {message: /neither MariaDB nor MySQL is installed/});
  t.throws(() => mysql(STATUS, {id: 'x'}), {message: /answers "x" in place of a number/});
});

test('the probe prints nothing of a journal that is not there', (t) => {
  t.regex(reportProbe.reveal(), /\[ ! -f \S*journal \] \|\|/);
});

test('a journal of another version is not taken for one', (t) => {
  t.throws(() => parseJournal('{"operation":"upgrade"}'), {message: /holds ".*", which is not a journal of infra/});
  t.throws(() => parseJournal('{'), {message: /is not a journal/});
  const entry = {operation: 'failover', run: 'r', to: 'db2', phase: 'begun'} as const;
  t.deepEqual(parseJournal(JSON.stringify(entry)), entry);
  t.regex(writeJournal(entry).reveal(), /journal\.new\) &&\nmv \S+ \S+ && sync \S+journal /);
});

test('the promise says what is kept', (t) => {
  const of = (acks: number, left: number, degrades = false) => promiseOf({acks, degrades}, left);
  t.regex(of(0, 0), /^Replication is asynchronous: an acknowledged write may be lost when the primary is lost\.$/);
  t.regex(of(1, 0), /^No replica is left to acknowledge writes/);
  t.is(of(2, 2), 'Writes wait for 2 replicas: none that was acknowledged is lost with the primary alone.');
  t.false(/none that/.test(of(1, 1, true)));
});

test('ghosts are read from just before the first one, and from all logs where that is not known', (t) => {
  const ghosts = (family: 'mariadb' | 'mysql', left: string, right: string) =>
    saveGhosts(family, subtract(parseGtids(family, left), parseGtids(family, right)), 'r').reveal();
  t.regex(ghosts('mariadb', '0-1-9', '0-1-4'), /mariadb-binlog --no-defaults --verbose '?--start-position=0-1-4'? /);
  t.regex(ghosts('mysql', `${UUID}:1-9`, `${UUID}:1-4`), new RegExp(`--include-gtids=${UUID}:5-9`));
  const unknown = ghosts('mariadb', '0-1-9', '0-2-4');
  t.false(unknown.includes('--start-position'), unknown);
});

const found = (fake: FakeServers) => {
  const primary = findPrimary(fake.site());
  const names = 'node' in primary ? [primary.node] : primary.nodes;
  return `${primary.state} ${names.map(({host}) => host.name).join(' ')}`.trim();
};
const down = {answers: false, alive: false};
const alone = {source: undefined, io: false, sql: false};

test('the servers say which of them is the primary', (t) => {
  t.is(found(new FakeServers(3)), 'serving db1');
  t.is(found(new FakeServers(3).set('db1', {readOnly: true})), 'closed db1');
  t.is(found(new FakeServers(3).set('db1', down)), 'silent db1');
  t.is(found(new FakeServers(3).set('db1', {readOnly: true}).set('db2', {...alone, readOnly: false})), 'serving db2');
  t.is(found(new FakeServers(3).set('db2', {...alone, readOnly: false})), 'several db1 db2');
  t.is(found(new FakeServers(2).set('db2', {...alone, readOnly: false, databases: []})), 'serving db1');
  // A replica of a replica does not make its source a primary.
  t.is(found(new FakeServers(3).set('db2', {source: '192.0.2.3'}).set('db1', down)), 'silent db1');
});

test('where nothing is certain, no server is the primary', (t) => {
  t.is(found(new FakeServers(2).set('db1', down).set('db2', alone)), 'none db2');
  t.is(found(new FakeServers(2).set('db1', {readOnly: true}).set('db2', alone)), 'none db1 db2');
  t.is(found(new FakeServers(2).set('db1', {readOnly: true}).set('db2', {...alone, databases: []})), 'closed db1');
  const split = new FakeServers(4)
    .set('db1', {readOnly: true})
    .set('db2', {...alone})
    .set('db4', {source: '192.0.2.2'});
  t.is(found(split), 'none db1 db2');
});

test('a change of a role shows, progress does not', (t) => {
  const fake = new FakeServers(2);
  const before = rolesIn(fake.site());
  fake.write('db1');
  t.is(rolesIn(fake.site()), before);
  for (const more of [{readOnly: false}, alone, {revoked: true}, {answers: false}, {source: '192.0.2.3'}])
    t.not(rolesIn(new FakeServers(2).set('db2', more).site()), before);
});
