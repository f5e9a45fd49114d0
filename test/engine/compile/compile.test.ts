import test from 'ava';
import {checkPlays} from '../../../src/engine/compile/check-plays.js';
import {compileHost, openTasks} from '../../../src/engine/compile/compile.js';
import {compileKnowing} from '../../../src/engine/compile/facts-of.js';
import type {Reached} from '../../../src/engine/connect/connect-host.js';
import {Fleet} from '../../../src/engine/connect/host-pool.js';
import {parseInventory} from '../../../src/inventory/index.js';
import {
  defineRole,
  type Facts,
  HostError,
  InputError,
  type Item,
  play,
  type RoleContext,
} from '../../../src/model/index.js';
import {file} from '../../../src/tasks/index.js';

const inventory = parseInventory(
  'web: {hosts: {web1: {address: 192.0.2.1}, web2: {address: 192.0.2.2}}}',
  '/hosts.yml',
);
const [web1, web2] = inventory.hosts;

const facts = (hostname: string): Facts => {
  const rest = {os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64', cpus: 1, memory: 1};
  return {hostname, ...rest, addresses: [], interfaces: [], client: ''};
};

function context(): Omit<RoleContext, 'factsOf' | 'openings'> {
  if (!web1) throw new Error('the inventory has two hosts');
  return {host: web1, facts: facts('one'), inventory, group: (name) => inventory.groups.get(name) ?? []};
}

const compile = (...items: readonly Item[]) =>
  compileHost([play('p', {hosts: 'web', tags: ['all-of-it']}, items)], {...context(), factsOf: () => facts('x')});

const page = (more: object = {}) => file({path: '/srv/page', content: 'x', ...more});

test('tasks have the tags of their role and their play, each once', (t) => {
  const site = defineRole('site', {safeParse: (data: object) => ({success: true, data})}, () => [page({tags: 'page'})]);
  const [list] = compile(site({}, {tags: ['site', 'all-of-it']}), [page()]);
  t.deepEqual(
    list?.tasks.map(({tags}) => tags),
    [['all-of-it', 'site', 'page'], ['all-of-it']],
  );
});

test('a task can only be delegated to a host of the inventory', (t) => {
  const lists = compile(page({delegateTo: 'web3'}));
  const error = t.throws(() => openTasks(lists, inventory, {templateFolders: []}), {instanceOf: InputError});
  t.regex(error?.message ?? '', /web3/);
  t.notThrows(() => openTasks(compile(page({delegateTo: 'web2'})), inventory, {templateFolders: []}));
});

/** A fleet whose hosts answer with their name as hostname, but for those out of reach. */
function fleet(asked: string[], out: readonly string[] = []): Fleet {
  return new Fleet(async ({name}) => {
    asked.push(name);
    if (out.includes(name)) throw new HostError({reason: 'unreachable', message: 'No answer.'});
    // Nothing here uses the connection.
    return {connection: {}, facts: facts(name)} as unknown as Reached;
  });
}

const knowing = [
  play('p', {hosts: 'web'}, [
    ({group, factsOf}) => group('web').map((host) => file({path: `/srv/${factsOf(host).hostname}`, content: 'x'})),
  ]),
];

test('facts of another host are fetched once, and the own are known already', async (t) => {
  const asked: string[] = [];
  const [list] = await compileKnowing(knowing, context(), fleet(asked));
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
  const [list] = await compileKnowing([swallowing], context(), fleet([]));
  t.is(list?.tasks[0]?.label, 'web2');
});

test('a host whose facts cannot be had is the failure of the one that needs them', async (t) => {
  const error = await t.throwsAsync(compileKnowing(knowing, context(), fleet([], ['web2'])), {instanceOf: HostError});
  t.is(error?.failure.reason, 'other-host-failed');
  t.regex(error?.failure.message ?? '', /web2: No answer/);
});

test('a play that no host takes part in is an error, unless that is allowed', (t) => {
  const plays = [play('none', {hosts: 'web:!web'}, [])];
  t.throws(() => checkPlays(plays, inventory), {instanceOf: InputError, message: /no host matches "web:!web"/});
  t.notThrows(() => checkPlays(plays, inventory, {allowEmpty: true}));
});

test('every play that names no host or group of the inventory is told, with the nearest name', (t) => {
  const plays = [play('a', {hosts: 'wbe'}, []), play('b', {hosts: 'web'}, []), play('c', {hosts: 'web3'}, [])];
  const error = t.throws(() => checkPlays(plays, inventory), {instanceOf: InputError});
  t.deepEqual(
    error?.diagnostics.map(({message, hint}) => `${message} ${hint}`),
    [
      'play "a": no group or host is named "wbe" did you mean "web"?',
      'play "c": no group or host is named "web3" did you mean "web"?',
    ],
  );
});
