import test from 'ava';
import {compileHost, openTasks} from '../../../src/engine/compile/compile.js';
import {checkPlays} from '../../../src/engine/compile/plays.js';
import {compileWithFacts} from '../../../src/engine/compile/with-facts.js';
import {HostPool, type ReachedHost} from '../../../src/engine/connect/host-pool.js';
import {parseInventory} from '../../../src/inventory/index.js';
import {
  type Audience,
  type Diagnostic,
  defineRole,
  type Facts,
  groupsOf,
  type Host,
  HostError,
  InputError,
  type Item,
  type Items,
  listens,
  play,
  type RoleContext,
} from '../../../src/model/index.js';
import {file} from '../../../src/tasks/index.js';
import {planOver, reads, thing} from '../scene.js';

const inventory = parseInventory(
  'web: {hosts: {web1: {address: 192.0.2.1}, web2: {address: 192.0.2.2}}}',
  '/hosts.yml',
);
const [web1, web2] = inventory.hosts;

const facts = (hostname: string): Facts => {
  const system = {os: 'debian', codename: 'trixie', version: '13'} as const;
  return {hostname, ...system, architecture: 'amd64', cpus: 1, memory: 1, addresses: [], interfaces: [], client: ''};
};

function context(): Omit<RoleContext, 'factsOf' | 'factsIfReached' | 'openings'> {
  if (!web1) throw new Error('the inventory has two hosts');
  return {host: web1, facts: facts('one'), inventory, group: groupsOf(inventory)};
}

const compile = (...items: readonly Item[]) =>
  compileHost([play('p', {hosts: 'web', tags: ['all-of-it']}, items)], {
    ...context(),
    factsIfReached: () => facts('x'),
    factsOf: () => facts('x'),
  });

const anything = {safeParse: (data: object) => ({success: true as const, data})};

const page = (more: object = {}) => file({path: '/srv/page', content: 'x', ...more});

test('tasks have the tags of their role and their play, each once', (t) => {
  const site = defineRole('site', anything, () => [page({tags: 'page'})]);
  const [list] = compile(site({}, {tags: ['site', 'all-of-it']}), [page()]);
  t.deepEqual(
    list?.tasks.map(({tags}) => tags),
    [['all-of-it', 'site', 'page'], ['all-of-it']],
  );
});

/** What is wrong with items of a play: message, hint, and whether the line is of this file. */
function faultOf(...items: readonly Item[]): string {
  try {
    compile(...items);
    return '';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const told = ({message, hint, at}: Diagnostic) => `${message} | ${hint} | ${at?.file.endsWith('compile.test.ts')}`;
    return error.diagnostics.map(told).join('\n');
  }
}

test('a group that the inventory does not have is an error at the line that asks for it', (t) => {
  const typo = ({group}: RoleContext) => group('wbe').map(() => page());
  t.is(faultOf(typo), '/hosts.yml has no group "wbe" | Did you mean "web"? | true');
  const lineOf = (item: Item) => t.throws(() => compile(item), {instanceOf: InputError})?.diagnostics[0]?.at?.line;
  const ofThePlay = lineOf(() => {
    throw new InputError([{message: 'no line of its own'}]);
  });
  t.not(lineOf(typo), ofThePlay);
  const site = defineRole('site', anything, (_, context) => typo(context));
  t.is(faultOf(site({})), faultOf(typo));
  const other = 'The groups are all, web. Where one may be missing: inventory.groups.get("database") ?? [].';
  t.is(
    faultOf(({group}) => group('database').map(() => page())),
    `/hosts.yml has no group "database" | ${other} | true`,
  );
  t.is(
    faultOf(({inventory: {groups}}) => (groups.get('database') ?? []).map(() => page())),
    '',
  );
});

test('what is listened to is for groups and hosts of the inventory, with or without a firewall', (t) => {
  const open = (from: Audience) => listens({tcp: 80, from, because: 'pages'});
  const asking = defineRole('asking', anything, (_, {openings}) =>
    openings().map((): Item => {
      throw new Error('it was given openings for nobody');
    }),
  );
  const group = 'listens "pages": /hosts.yml has no group "wbe" | Did you mean "web"? | true';
  t.is(faultOf(open({group: 'wbe'})), group);
  t.is(faultOf(asking({}), open({group: 'wbe'})), group);
  const role = defineRole('site', anything, () => [open({host: 'wbe1'})]);
  t.is(faultOf(role({})), 'listens "pages": /hosts.yml has no host "wbe1" | Did you mean "web1"? | true');
  t.is(faultOf(asking({}), role({})), faultOf(role({})));
  t.is(faultOf(...(['any', {group: 'web'}, {host: 'web2'}, {network: '10.0.0.0/8'}] as const).map(open)), '');
  t.is(
    faultOf(open({group: 'database'})),
    'listens "pages": /hosts.yml has no group "database" | Name another group (all, web), or add an empty one, so that no client is let in. | true',
  );
});

test('a function of the host may give one task, one role or another function instead of a list', (t) => {
  const role = defineRole('single', anything, () => page());
  const lists = [() => page(), () => role({}), () => () => page(), () => [page()]].map((item) => compile(item));
  t.deepEqual(
    lists.map(([list]) => list?.tasks.map(({id}) => id)),
    Array(4).fill(['/srv/page']),
  );
});

test('a task can only be delegated to a host of the inventory', (t) => {
  const lists = compile(page({delegateTo: 'web3'}));
  const error = t.throws(() => openTasks(lists, inventory, {templateDirectories: []}), {instanceOf: InputError});
  t.regex(error?.message ?? '', /web3/);
  t.notThrows(() => openTasks(compile(page({delegateTo: 'web2'})), inventory, {templateDirectories: []}));
});

/** A pool whose hosts answer with their name as hostname, but for those out of reach. */
function pool(asked: string[], out: readonly string[] = []): HostPool {
  return new HostPool(async ({name}) => {
    asked.push(name);
    if (out.includes(name)) throw new HostError({reason: 'unreachable', message: 'No answer.'});
    // Nothing here uses the connection.
    return {connection: {}, facts: facts(name)} as unknown as ReachedHost;
  });
}

const knowing = [
  play('p', {hosts: 'web'}, [
    ({group, factsOf}) => group('web').map((host) => file({path: `/srv/${factsOf(host).hostname}`, content: 'x'})),
  ]),
];

test('facts of another host are fetched once, and the own are known already', async (t) => {
  const asked: string[] = [];
  const [list] = await compileWithFacts(knowing, context(), pool(asked));
  t.deepEqual(
    list?.tasks.map(({id}) => id),
    ['/srv/one', '/srv/web2'],
  );
  t.deepEqual(asked, ['web2']);
});

test('a role that swallows the want of facts gets them all the same', async (t) => {
  const swallowing = play('p', {hosts: 'web'}, [
    ({factsOf}) => {
      try {
        return web2 ? [page({label: factsOf(web2).hostname})] : [];
      } catch {
        return [page({label: 'unknown'})];
      }
    },
  ]);
  const [list] = await compileWithFacts([swallowing], context(), pool([]));
  t.is(list?.tasks[0]?.label, 'web2');
});

test('a host whose facts cannot be had is the failure of the one that needs them', async (t) => {
  const error = await t.throwsAsync(compileWithFacts(knowing, context(), pool([], ['web2'])), {instanceOf: HostError});
  t.is(error?.failure.reason, 'other-host-failed');
  t.regex(error?.failure.message ?? '', /web2: No answer/);
});

test('a play that no host takes part in is an error, unless that is allowed', (t) => {
  const plays = [play('none', {hosts: 'web:!web'}, [])];
  t.throws(() => checkPlays(plays, inventory), {instanceOf: InputError, message: /no host matches "web:!web"/});
  t.notThrows(() => checkPlays(plays, inventory, {allowEmpty: true}));
});

test('every play that names no host or group of the inventory is reported, with the nearest name', (t) => {
  const plays = [play('a', {hosts: 'wbe'}, []), play('b', {hosts: 'web'}, []), play('c', {hosts: 'web3'}, [])];
  const error = t.throws(() => checkPlays(plays, inventory), {instanceOf: InputError});
  t.deepEqual(
    error?.diagnostics.map(({message, hint}) => `${message} ${hint}`),
    [
      'play "a": no group or host is named "wbe" Did you mean "web"?',
      'play "c": no group or host is named "web3" Did you mean "web"?',
    ],
  );
});

/** Plans h1 alone, whose tasks depend on facts of h2. */
const planning = (items: (context: RoleContext) => Items, h2 = {}) =>
  planOver({
    plays: [play('play', {hosts: 'h1'}, [items])],
    limit: ['h1'],
    answers: {
      h1: [reads('debian', 'new'), reads('unknown', 'new')],
      h2: [{to: '/etc/os-release', stdout: 'ID=debian\n', ...h2}],
    },
  });

const other = ({inventory}: RoleContext): Host => {
  const [, found] = inventory.hosts;
  if (!found) throw new Error('there are two hosts');
  return found;
};

test('facts of another host are fetched when a role wants them, and nothing else of it is read', async (t) => {
  const {planned, transport} = await planning((context) => [thing({name: context.factsOf(other(context)).os})]);
  t.deepEqual(
    planned.flatMap(({plan}) => plan.tasks.map(({id}) => id)),
    ['debian'],
  );
  const scripts = transport.asked.flatMap((each) => (each.type === 'run' && each.host === 'h2' ? each.sent : []));
  t.deepEqual(scripts, [1]);
});

test('a role that makes something of facts which are missing is asked again when they are there', async (t) => {
  const guess = (context: RoleContext): Items => {
    try {
      return [thing({name: context.factsOf(other(context)).os})];
    } catch {
      return [thing({name: 'unknown'})];
    }
  };
  const {planned} = await planning(guess);
  t.deepEqual(
    planned.flatMap(({plan}) => plan.tasks.map(({id}) => id)),
    ['debian'],
  );
});

test('another host that cannot be asked fails the one that needs it, by name', async (t) => {
  const instead = {reason: 'connection-lost', message: 'the connection was lost', hint: 'Run it again.'} as const;
  const {failures} = await planning((context) => [thing({name: context.factsOf(other(context)).os})], {instead});
  t.deepEqual(failures.get('h1'), {
    reason: 'other-host-failed',
    message: 'it needs the facts of h2: the connection was lost',
    hint: 'Run it again.',
  });
});

test('another host that cannot be asked has no facts for a role that can do without them', async (t) => {
  const named = (context: RoleContext) => [thing({name: context.factsIfReached(other(context))?.os ?? 'unknown'})];
  const instead = {reason: 'connection-lost', message: 'the connection was lost'} as const;
  const ids = ({planned}: Awaited<ReturnType<typeof planning>>) => planned[0]?.plan.tasks.map(({id}) => id);
  t.deepEqual(ids(await planning(named, {instead})), ['unknown']);
  t.deepEqual(ids(await planning(named)), ['debian']);
});

test('a host is asked again when one role can do without its facts and the next cannot', async (t) => {
  const instead = {reason: 'connection-lost', message: 'the connection was lost'} as const;
  const both = (context: RoleContext) => {
    context.factsIfReached(other(context));
    return [thing({name: context.factsOf(other(context)).os})];
  };
  const {failures} = await planning(both, {instead});
  t.like(failures.get('h1'), {reason: 'other-host-failed'});
});

test('a mistake of a role is one, whatever it asked before', async (t) => {
  const planned = planning((context) => {
    context.factsOf(other(context));
    throw new TypeError('my own mistake');
  });
  await t.throwsAsync(planned, {message: 'my own mistake'});
});
