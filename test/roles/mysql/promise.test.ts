import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {mysqlServer} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

type Options = NonNullable<Parameters<typeof mysqlServer>[0]>;

const THREE = `
primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}, db3: {address: 192.0.2.3}}}
`;
const ALONE = 'primary: {hosts: {db1: {address: 192.0.2.1}}}';

function file(options: Options, inventory = THREE): string {
  const tasks = compile(mysqlServer({from: 'any', ...options}), inventory, 'primary', {codename: 'sid', version: ''});
  const [path = ''] = [...tasks.keys()].filter((each) => /infra\.cnf$/.test(each));
  return written(tasks.get(path)).text;
}

test('the option file says what an acknowledged write survives', (t) => {
  t.regex(
    file({semiSync: {onReplicaLoss: 'stop'}}),
    /^# Writes wait for 1 of 2 replicas; an acknowledged write survives the loss of one server\.$/m,
  );
  t.regex(
    file({family: 'mysql', semiSync: {acks: 2, onReplicaLoss: 'stop'}}),
    /^# Writes wait for 2 of 2 replicas; an acknowledged write survives the loss of 2 servers\.$/m,
  );
  t.regex(file({}), /^# Asynchronous replication: an acknowledged write may be lost if the primary dies/m);
});

test('where writes go on without replicas, nothing is promised', (t) => {
  const text = file({semiSync: {onReplicaLoss: 'degrade', degradeAfter: 3}});
  t.regex(text, /^# Writes wait for 1 of 2 replicas, but at most 3 s\.$/m);
  t.notRegex(text, /write survives/);
  t.regex(text, /^rpl_semi_sync_master_timeout = 3000$/m);
});

test('a server alone has nothing to say about replicas', (t) => {
  t.notRegex(file({}, ALONE), /[Aa]synchronous|replicas;/);
});

test('every server acknowledges, and none waits before it is told to', (t) => {
  const mariadb = file({semiSync: {onReplicaLoss: 'stop'}});
  t.regex(mariadb, /^rpl_semi_sync_slave_enabled = ON$/m);
  t.regex(mariadb, /^rpl_semi_sync_master_wait_point = AFTER_SYNC$/m);
  t.regex(mariadb, /^rpl_semi_sync_master_timeout = 18446744073709551615$/m);
  t.notRegex(mariadb, /master_enabled/);
  const mysql = file({family: 'mysql', semiSync: {onReplicaLoss: 'stop'}});
  t.regex(mysql, /^rpl_semi_sync_replica_enabled = ON$/m);
  t.regex(mysql, /^rpl_semi_sync_source_timeout = 4294967295$/m);
  t.notRegex(mysql, /source_enabled/);
});

test("MySQL has its plugins without semi-synchronous replication too: what opens writes sets the plugins' variables", (t) => {
  t.regex(file({family: 'mysql'}), /^plugin_load_add = semisync_source\.so$/m);
  t.notRegex(file({family: 'mysql'}), /replica_enabled/);
});

const REFUSED: readonly [Options, string, RegExp][] = [
  [{semiSync: {acks: 3, onReplicaLoss: 'stop'}}, THREE, /acks is 3, but there are 2 replicas/],
  [{semiSync: {onReplicaLoss: 'stop'}}, ALONE, /acks is 1, but there are 0 replicas/],
  [{semiSync: {acks: 2, onReplicaLoss: 'stop'}}, THREE, /MariaDB waits for one replica only/],
  [{semiSync: {onReplicaLoss: 'stop', degradeAfter: 5}}, THREE, /degradeAfter has no meaning/],
];

for (const [options, inventory, message] of REFUSED)
  test(`refused with words: ${message.source}`, (t) => {
    t.throws(() => file(options, inventory), {instanceOf: InputError, message});
  });
