import test from 'ava';
import {compileHost} from '../../../src/engine/compile/compile.js';
import {parseInventory} from '../../../src/inventory/index.js';
import {
  defineRole,
  type Facts,
  type Item,
  listens,
  type Opening,
  type Play,
  play,
  type RoleContext,
} from '../../../src/model/index.js';
import {file} from '../../../src/tasks/index.js';

const inventory = parseInventory(
  'web: {hosts: {web1: {address: 192.0.2.1}}}\ndb: {hosts: {db1: {address: 192.0.2.2}}}',
  '/i.yml',
);
const facts = {hostname: 'web1'} as Facts; // no role here asks for more
const anything = {safeParse: (data: object) => ({success: true as const, data})};

const site = defineRole('site', anything, () => [
  file({path: '/srv/page', content: 'x'}),
  [listens({tcp: 80, from: 'any', because: 'clients'})],
]);
const database = defineRole('database', anything, () => [listens({tcp: 3306, from: {group: 'web'}, because: 'SQL'})]);

/** What a role at the end of the first play is reported. */
function told(more: readonly Play[], ...items: readonly Item[]): {openings: readonly Opening[]; tasks: number} {
  let openings: readonly Opening[] = [];
  const asking = defineRole('asking', anything, (_, context) => {
    openings = context.openings();
    return [listens({udp: 1, from: 'any', because: 'itself'})];
  });
  const [host] = inventory.hosts;
  if (!host) throw new Error('the inventory has hosts');
  const context: Omit<RoleContext, 'openings'> = {
    host,
    facts,
    inventory,
    group: () => [],
    factsIfReached: () => undefined,
    factsOf: () => facts,
  };
  const lists = compileHost([play('first', {hosts: 'web'}, [...items, asking({})]), ...more], context);
  return {openings, tasks: lists.flatMap(({tasks}) => tasks).length};
}

test('a role learns what all roles of the host listen to, those of later plays and its own too', (t) => {
  const later = [
    play('later', {hosts: 'all'}, [
      ({host}) => [host.name === 'web1' && database({})].filter((each) => each !== false),
    ]),
  ];
  const {openings} = told(later, site({}));
  t.deepEqual(
    openings.map(({role, ports}) => [role, ...ports]),
    [
      ['site', 80],
      ['asking', 1],
      ['database', 3306],
    ],
  );
});

test('what a single role or declaration listens to counts too, where a function gives no list', (t) => {
  const single = defineRole('single', anything, () => () => site({}));
  const {openings} = told(
    [],
    () => single({}),
    () => listens({tcp: 25, from: 'any', because: 'mail'}),
  );
  t.deepEqual(
    openings.map(({role, ports}) => [role, ...ports]),
    [
      ['site', 80],
      ['', 25],
      ['asking', 1],
    ],
  );
});

test('plays of other hosts play no part, and the same declaration counts once', (t) => {
  const {openings} = told([play('db', {hosts: 'db'}, [database({})])], site({}), site({}));
  t.deepEqual(
    openings.map(({role}) => role),
    ['site', 'asking'],
  );
});

test('what a role listens to is not a task', (t) => {
  t.is(told([], site({})).tasks, 1);
});

test('outside a role the name of the role is empty', (t) => {
  const {openings} = told([], listens({tcp: 25, from: 'any', because: 'mail'}));
  t.is(openings[0]?.role, '');
});
