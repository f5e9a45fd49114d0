import test from 'ava';
import {parseInventory} from '../../../src/inventory/index.js';
import {type DatabaseFacts, groupsOf, type RoleContext} from '../../../src/model/index.js';
import {mysqlPrimary, mysqlReplication, mysqlSemiSync} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';

const inventory = parseInventory(
  `primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}, db3: {address: 192.0.2.3}}}`,
  '/project/inventory/hosts.yml',
);

const server = (id: number, more: Partial<DatabaseFacts> = {}): DatabaseFacts => ({
  ...{family: 'mysql', isRunning: true, databases: ['app'], size: 1, isReadOnly: true, serverId: id},
  ...more,
});
const writer = (id: number) => server(id, {isReadOnly: false});
const replica = (id: number, of: number) => server(id, {source: {address: `192.0.2.${of}`, serverId: of}});

/** What a role gives a host: names of tasks, and sentences. */
function itemsOn(name: string, seen: readonly DatabaseFacts[], role = mysqlSemiSync({acks: 2})): string[] {
  const host = inventory.hosts.find((each) => each.name === name);
  const of = (each: {readonly name: string}): RoleContext['facts'] => ({
    ...{os: 'debian', codename: 'sid', version: '', architecture: 'amd64', hostname: each.name, cpus: 1, memory: 1},
    ...{addresses: [], interfaces: [], client: '', database: seen[Number(each.name.slice(2)) - 1] ?? server(9)},
  });
  if (!host) throw new Error(`there is no ${name}`);
  const others = {factsOf: of, factsIfReached: of, openings: () => []};
  const items = role.compile({host, facts: of(host), inventory, group: groupsOf(inventory), ...others}).flat(9);
  return items.flatMap((item) => {
    if ('note' in item) return [item.note];
    return 'type' in item ? [`${item.type} ${'id' in item ? item.id : ''}`] : [];
  });
}

test('only the primary waits, when all that must acknowledge follow it', (t) => {
  const seen = [writer(1), replica(2, 1), replica(3, 1)];
  t.is(itemsOn('db1', seen).length, 1);
  t.regex(itemsOn('db1', seen)[0] ?? '', /^mysqlReadOnly/);
  t.deepEqual(itemsOn('db2', seen), []);
});

test('after a promotion it is the promoted server that waits', (t) => {
  const seen = [replica(1, 2), writer(2), replica(3, 2)];
  t.deepEqual(itemsOn('db1', seen), []);
  t.regex(itemsOn('db2', seen)[0] ?? '', /^mysqlReadOnly/);
});

test('where too few follow the primary nothing is changed, and the plan says so', (t) => {
  t.deepEqual(itemsOn('db2', [server(1), writer(2), replica(3, 2)]), [
    'Writes on db2 do not wait for 2 replicas: too few follow it. ' +
      'An acknowledged write may be lost until they do: infra db rejoin db1',
  ]);
});

test('writes are opened on no server but the primary, and no promoted one is attached to the first', (t) => {
  const seen = [replica(1, 2), writer(2), replica(3, 2)];
  const primary = mysqlPrimary({replication: {password: new Secret('pw')}});
  const replication = mysqlReplication({password: new Secret('pw')});
  t.false(itemsOn('db1', seen, primary).some((each) => each.startsWith('mysqlReadOnly')));
  t.false(itemsOn('db2', seen, replication).some((each) => each.startsWith('mysqlReplica')));
  const onOld = itemsOn('db1', seen, replication);
  t.true(
    onOld.some((each) => /^db2 is the primary now, and nothing here changes that/.test(each)),
    onOld.join('\n'),
  );
  t.true(onOld.some((each) => each.startsWith('mysqlReplica')));
});
