import test from 'ava';
import {parseInventory} from '../../../src/inventory/index.js';
import {type DatabaseFacts, groupsOf, InputError, type RoleContext} from '../../../src/model/index.js';
import {checkFollower, clusterOf} from '../../../src/roles/mysql/cluster.js';

/** Three servers by their states: each letter is one, in the order of the inventory, of which db1 is the first primary. */
type Seen = DatabaseFacts | 'none' | 'unreached';

const inventory = parseInventory(
  `primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}, db3: {address: 192.0.2.3}}}`,
  '/project/inventory/hosts.yml',
);

const GROUPS = {primary: 'primary', replicas: 'replica'};

const server = (id: number, more: Partial<DatabaseFacts>): DatabaseFacts => ({
  ...{family: 'mariadb', isRunning: true, databases: ['app'], size: 1, isReadOnly: true, serverId: id},
  ...more,
});

const writer = (id: number) => server(id, {isReadOnly: false});
const readOnly = (id: number) => server(id, {});
const empty = (id: number) => server(id, {databases: [], isReadOnly: false});
const stopped = (id: number) => server(id, {isRunning: false});
const replica = (id: number, of: number) => server(id, {source: {address: `192.0.2.${of}`, serverId: of}});

function contextOf(name: string, seen: readonly Seen[]): RoleContext {
  const facts = (index: number): RoleContext['facts'] | undefined => {
    const each = seen[index];
    if (each === 'unreached' || each === undefined) return undefined;
    const system = {os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64'} as const;
    const machine = {hostname: `db${index + 1}`, cpus: 1, memory: 1, addresses: [], interfaces: [], client: ''};
    return {...system, ...machine, ...(each !== 'none' && {database: each})};
  };
  const host = inventory.hosts.find((each) => each.name === name);
  const own = facts(Number(name.slice(2)) - 1);
  if (!host || !own) throw new Error(`${name} is not reached`);
  const of = (each: {name: string}) => facts(Number(each.name.slice(2)) - 1);
  const others = {factsIfReached: of, factsOf: (each: {name: string}) => of(each) ?? own, openings: () => []};
  return {host, facts: own, inventory, group: groupsOf(inventory), ...others};
}

/** The primary's name, or the refusal's words. */
function primaryIn(name: string, ...seen: readonly Seen[]): string {
  try {
    return clusterOf(GROUPS, 'role', contextOf(name, seen)).primary.name;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

test('where no server holds data, the inventory names the primary', (t) => {
  t.is(primaryIn('db1', 'none', 'none', 'none'), 'db1');
  t.is(primaryIn('db3', 'none', 'none', 'none'), 'db1');
  t.is(primaryIn('db1', empty(1), 'none', empty(3)), 'db1');
});

test('a server with data is the primary, whatever the inventory says', (t) => {
  t.is(primaryIn('db1', 'none', writer(2), 'none'), 'db2');
  t.is(primaryIn('db1', empty(1), readOnly(2), 'none'), 'db2');
  t.is(primaryIn('db1', writer(1), replica(2, 1), 'none'), 'db1');
});

test('a promoted server stays the primary, and the plan says what to edit', (t) => {
  const after = [readOnly(1), writer(2), replica(3, 2)] as const;
  const {primary, notes} = clusterOf(GROUPS, 'role', contextOf('db3', after));
  t.is(primary.name, 'db2');
  t.regex(notes[0]?.note ?? '', /move db2 to the group "primary" and db1 to "replica"/);
  t.true(notes[0]?.isWarning);
});

test('two servers that take writes are refused', (t) => {
  t.regex(primaryIn('db3', writer(1), writer(2), replica(3, 2)), /db1 and db2 all take writes/);
  // A server that holds no databases takes writes by itself, but nothing follows it.
  t.is(primaryIn('db3', empty(1), writer(2), replica(3, 2)), 'db2');
  t.regex(primaryIn('db3', writer(1), empty(2), replica(3, 2)), /all take writes/);
});

test('a primary that cannot be reached stays the primary, and none is promoted', (t) => {
  t.is(primaryIn('db2', 'unreached', replica(2, 1), replica(3, 1)), 'db1');
  t.is(primaryIn('db2', stopped(1), replica(2, 1), replica(3, 1)), 'db1');
});

test('a read-only primary is opened only if nothing can have been promoted in its place', (t) => {
  t.is(primaryIn('db1', readOnly(1), replica(2, 1), replica(3, 1)), 'db1');
  t.is(primaryIn('db1', readOnly(1), replica(2, 1), 'none'), 'db1');
  t.regex(primaryIn('db1', readOnly(1), replica(2, 1), 'unreached'), /db3 may have been promoted in its place/);
  t.regex(primaryIn('db1', readOnly(1), replica(2, 1), readOnly(3)), /db3 may have been promoted in its place/);
});

test('where it is not certain who holds the data, nothing is decided', (t) => {
  t.regex(primaryIn('db1', 'none', 'unreached', 'none'), /db2 cannot be reached: it may hold data/);
  t.regex(primaryIn('db1', readOnly(1), readOnly(2), 'none'), /db1 and db2 hold data, and none takes writes/);
  t.regex(primaryIn('db2', 'none', replica(2, 9), 'none'), /db2 replicates from 192\.0\.2\.9, which is not in the inv/);
  t.regex(primaryIn('db1', readOnly(1), replica(2, 3), replica(3, 1)), /db2 may have been promoted/);
});

/** Why a host cannot be attached; undefined if it can. */
function refusedFor(name: string, ...seen: readonly Seen[]): string | undefined {
  const context = contextOf(name, seen);
  return messageOf(() => checkFollower(clusterOf(GROUPS, 'role', context), context));
}

function messageOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.diagnostics[0]?.hint}`;
    throw error;
  }
}

test('new servers and replicas of the primary are attached, and no other', (t) => {
  t.is(refusedFor('db2', writer(1), 'none', replica(3, 1)), undefined);
  t.is(refusedFor('db2', writer(1), empty(2), replica(3, 1)), undefined);
  t.is(refusedFor('db3', writer(1), 'none', replica(3, 1)), undefined);
  t.regex(refusedFor('db1', readOnly(1), writer(2), replica(3, 2)) ?? '', /holds data \(app\).*infra db rejoin db1/);
  t.regex(refusedFor('db3', writer(1), replica(2, 1), replica(3, 2)) ?? '', /db3 replicates from db2, and db1 is/);
  t.regex(refusedFor('db3', readOnly(1), writer(2), replica(3, 1)) ?? '', /db3 replicates from db1, and db2 is/);
});
