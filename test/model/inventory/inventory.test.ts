import test from 'ava';
import {InputError} from '../../../src/model/diagnostic.js';
import {groupNamed, groupsOf, hostNamed, type Inventory} from '../../../src/model/inventory/inventory.js';
import {hostNamed as host} from '../../renderers/host-named.js';

const [web1, web2, db1] = [host('web1'), host('web2'), host('db1')];

const INVENTORY: Inventory = {
  ...{file: 'hosts.yml', files: ['hosts.yml'], hosts: [web1, web2, db1]},
  groups: new Map([
    ['all', [web1, web2, db1]],
    ['web', [web1, web2]],
    ['empty', []],
  ]),
};

function faultOf(act: () => unknown) {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [{message, hint, at} = {message: ''}] = error.diagnostics;
    return {message, hint, at};
  }
}

test('a group has its hosts, and an empty one is not a fault', (t) => {
  t.deepEqual(groupsOf(INVENTORY)('web'), [web1, web2]);
  t.deepEqual(groupsOf(INVENTORY)('empty'), []);
  t.is(hostNamed(INVENTORY, 'db1'), db1);
});

test('a group that the inventory lacks is refused at the line that asks for it, with the nearest name', (t) => {
  const group = groupsOf(INVENTORY);
  const fault = faultOf(() => group('wbe'));
  t.deepEqual([fault?.message, fault?.hint], ['hosts.yml has no group "wbe"', 'Did you mean "web"?']);
  t.regex(fault?.at?.file ?? '', /inventory\.test\.ts$/);
});

test('where no name is near, all names are told, and how to ask for a group that may be missing', (t) => {
  const fault = faultOf(() => groupsOf(INVENTORY)('database'));
  t.is(
    fault?.hint,
    'The groups are all, web, empty. Where one may be missing: inventory.groups.get("database") ?? [].',
  );
});

test('place and hint may come from who asks, and the nearest name is the better hint', (t) => {
  const at = {file: '/site.ts', line: 1, column: 2};
  const otherwise = (known: readonly string[]) => ({at, hint: `One of ${known.length}.`});
  t.deepEqual(
    faultOf(() => groupNamed(INVENTORY, 'database', otherwise)),
    {message: 'hosts.yml has no group "database"', hint: 'One of 3.', at},
  );
  t.is(faultOf(() => groupNamed(INVENTORY, 'Web', otherwise))?.hint, 'Did you mean "web"?');
});

test('a host that the inventory lacks is refused with the nearest name, or with all', (t) => {
  t.like(
    faultOf(() => hostNamed(INVENTORY, 'wbe1')),
    {
      message: 'hosts.yml has no host "wbe1"',
      hint: 'Did you mean "web1"?',
    },
  );
  t.is(faultOf(() => hostNamed(INVENTORY, 'mail'))?.hint, 'The hosts are: web1, web2, db1.');
});
