import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {compileHost} from '../../../src/engine/compile/compile.js';
import {checkPlays} from '../../../src/engine/compile/plays.js';
import {loadInventory} from '../../../src/inventory/index.js';
import {
  type Facts,
  groupsOf,
  InputError,
  type Inventory,
  type Play,
  type PlaybookContext,
  play,
  playbook,
} from '../../../src/model/index.js';
import {placeholderContext} from '../../../src/session/load-topology.js';
import {command} from '../../../src/tasks/index.js';

/** Loads an inventory from its files, by their paths: `hosts.yml` and those of group_vars/ and host_vars/. */
function inventoryOf(files: Readonly<Record<string, string>>): Inventory {
  const directory = mkdtempSync(join(tmpdir(), 'infra-variables-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), {recursive: true});
    writeFileSync(join(directory, name), text);
  }
  return loadInventory(join(directory, 'hosts.yml'));
}

const playsIn = async (book: ReturnType<typeof playbook>, inventory: Inventory): Promise<readonly Play[]> =>
  book.plays(placeholderContext(inventory) satisfies PlaybookContext);

/** Each fault as `file:line:column message | hint | excerpt`. */
async function faultsOf(book: ReturnType<typeof playbook>, inventory: Inventory): Promise<string[]> {
  const plays = await playsIn(book, inventory);
  try {
    checkPlays(plays, inventory);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({at, message, hint, excerpt}) => {
      const file = at?.file.slice(dirname(inventory.file).length + 1);
      return `${file}:${at?.line}:${at?.column} ${message} | ${hint} | ${excerpt?.trim()}`;
    });
  }
}

const facts = {hostname: 'db1'} as Facts; // no role here asks for more

const HOSTS = 'web: {hosts: {web1: , web2: , web3: , web4: , web5: }}\ndb:\n  hosts:\n    db1: {size: big}\n';

test('a missing variable is reported once for its hosts, with the first play that needs it', async (t) => {
  const book = playbook('site', {vars: z.object({domain: z.string()})}, [
    play('one', {hosts: 'web'}, []),
    play('two', {hosts: 'web'}, []),
    play('three', {hosts: 'db'}, []),
  ]);
  t.deepEqual(await faultsOf(book, inventoryOf({'hosts.yml': HOSTS})), [
    'hosts.yml:1:15 play "one" needs the variable "domain", which web1, web2, web3 and 2 more do not have | Add it to web1, or to one of its groups: web, all. | web: {hosts: {web1: , web2: , web3: , web4: , web5: }}',
    'hosts.yml:4:5 play "three" needs the variable "domain", which db1 does not have | Add it to db1, or to one of its groups: db, all. | db1: {size: big}',
  ]);
});

test('a misspelt variable is reported as missing, with the name that is meant', async (t) => {
  const book = playbook('site', {vars: z.object({sizes: z.string()})}, [play('db', {hosts: 'db'}, [])]);
  const [fault] = await faultsOf(book, inventoryOf({'hosts.yml': HOSTS}));
  t.regex(fault ?? '', /play "db" needs the variable "sizes", which db1 does not have \| Did you mean "size"\?/);
});

test('a wrong variable is reported where it is set: inventory, group_vars or host_vars', async (t) => {
  const inventory = inventoryOf({
    'hosts.yml': `${HOSTS.replace('{size: big}', '')}all:\n  vars: {size: 12}\n`,
    'group_vars/web.yml': '# of web\nsize: small\ntier: first\n',
    'host_vars/web2.yml': 'tier: 2\n',
  });
  const book = playbook(
    'site',
    {vars: z.object({size: z.string(), tier: z.enum(['front', 'back']).default('front')})},
    [play('all', {hosts: 'all'}, [])],
  );
  const faults = await faultsOf(book, inventory);
  t.deepEqual(faults, [
    'group_vars/web.yml:3:1 play "all": the variable "tier" of web1, web3, web4 and 1 more must be "front" or "back", not "first" | Write one of these. | tier: first',
    'host_vars/web2.yml:1:1 play "all": the variable "tier" of web2 must be "front" or "back", not 2 | Write one of these. | tier: 2',
    'hosts.yml:6:10 play "all": the variable "size" of db1 must be text, not a number | Put it in quotes. | vars: {size: 12}',
  ]);
});

test('a strict schema refuses what it does not know, at its line', async (t) => {
  const book = playbook('site', {vars: z.strictObject({domain: z.string().optional()})}, [
    play('db', {hosts: 'db'}, []),
  ]);
  t.deepEqual(await faultsOf(book, inventoryOf({'hosts.yml': HOSTS})), [
    'hosts.yml:4:11 play "db": the variable "size" of db1 is unknown | undefined | db1: {size: big}',
  ]);
});

test('functions of the host get what the schema makes, and other variables as they are', async (t) => {
  const inventory = inventoryOf({'hosts.yml': HOSTS});
  const said = (text: string) => command({command: text, name: text});
  const book = playbook('site', {vars: z.object({domain: z.string().default('www.example.org')})}, ({secret}) => [
    play('db', {hosts: 'db'}, [({host}) => said(`${host.vars.domain} ${secret('x') === undefined}`)]),
    play('own', {hosts: 'db', vars: z.object({size: z.string().transform((size) => size.length)})}, [
      ({host: {vars}}) => said(`${vars.size + 1} ${'domain' in vars}`),
    ]),
  ]);
  const plays = await playsIn(book, inventory);
  checkPlays(plays, inventory);
  const [host] = inventory.groups.get('db') ?? [];
  if (!host) throw new Error('there is no db1');
  const known = {
    host,
    facts,
    inventory,
    group: groupsOf(inventory),
    factsIfReached: () => undefined,
    factsOf: () => facts,
  };
  const lists = compileHost(plays, known);
  t.deepEqual(
    lists.map(({tasks}) => tasks.map(({id}) => id)),
    [['www.example.org false'], ['4 false']],
  );
  t.is(host.vars.domain, undefined);
});
