import test from 'ava';
import {sh} from '../../../src/shell/index.js';
import {
  desiredOwnership,
  giveOwnership,
  type Ownership,
  ownershipOf,
  plainMode,
  refuseOwnership,
} from '../../../src/tasks/shared/ownership.js';

const given = (to: Ownership, known?: string, where = false) =>
  String(giveOwnership(sh`${'/f'}`, to, known, where ? sh`[ "$own" ]` : undefined));

const GIVEN: readonly [string, Ownership, string | undefined, string][] = [
  ['nothing', {}, '0644', 'undefined'],
  ['a mode', {mode: '0640'}, undefined, 'chmod -- 0640 /f'],
  ['an owner', {owner: 'app'}, undefined, 'chown -- app /f'],
  ['a group', {group: 'app'}, undefined, 'chown -- :app /f'],
  ['both by number', {owner: '1000', group: '33'}, undefined, 'chown -- 1000:33 /f'],
  ['all of it, the owner first', {mode: '4755', owner: 'root'}, '0644', 'chown -- root /f && chmod -- 4755 /f'],
  [
    'an owner of a file with a special bit, which comes back',
    {owner: 'app'},
    '4755',
    'chown -- app /f && chmod -- 4755 /f',
  ],
  ['a group of a sticky directory', {group: 'app'}, '1777', 'chown -- :app /f'],
  ['a mode of a file with a special bit', {mode: '0755'}, '4755', 'chmod -- 0755 /f'],
];

for (const [what, to, known, command] of GIVEN) test(`a file is given ${what}`, (t) => t.is(given(to, known), command));

test('bits that nobody asked for come back only where the condition holds', (t) => {
  t.is(given({owner: 'app'}, '2755', true), 'chown -- app /f && { ! [ "$own" ] || chmod -- 2755 /f; }');
  t.is(given({owner: 'app', mode: '2755'}, '2755', true), 'chown -- app /f && chmod -- 2755 /f');
});

test('names that a shell would read otherwise are quoted', (t) => t.is(given({owner: "a'b"}), "chown -- 'a'\\''b' /f"));

const STATUS = {kind: 'file', size: 0, mode: '0644', uid: '1000', owner: 'app', gid: '33', group: 'www-data'} as const;

test('names are compared with names, numbers with numbers', (t) => {
  t.deepEqual(ownershipOf(STATUS, {}), {mode: '0644', owner: 'app', group: 'www-data'});
  t.deepEqual(ownershipOf(STATUS, {owner: '1000', group: 'x'}), {mode: '0644', owner: '1000', group: 'www-data'});
  t.deepEqual(ownershipOf(STATUS, {owner: 'x', group: '33'}), {mode: '0644', owner: 'app', group: '33'});
});

test('a number without a name is shown as the number', (t) => {
  const strange = {...STATUS, owner: 'UNKNOWN', group: 'UNKNOWN'};
  t.deepEqual(ownershipOf(strange, {owner: 'app'}), {mode: '0644', owner: '1000', group: '33'});
});

test('only what was set is desired, the mode with four digits', (t) => {
  t.deepEqual(desiredOwnership({}), {});
  t.deepEqual(desiredOwnership({mode: '755', owner: 'a', group: 'b'}), {mode: '0755', owner: 'a', group: 'b'});
  t.deepEqual(['755', '1777', '000'].map(plainMode), ['0755', '1777', '0000']);
});

test('modes and names that cannot be are refused', (t) => {
  for (const mode of ['64', '00644', '0648', 'u+x', '', '0644 ', '0o644'])
    t.is(refuseOwnership({mode}), `the mode "${mode}" is not an octal mode such as '0644'`);
  for (const name of ['', '-R', 'a b', 'a:b', 'a,b', 'a/b', 'a\nb']) {
    t.is(refuseOwnership({owner: name}), `${JSON.stringify(name)} is not the name of a user or group`);
    t.is(refuseOwnership({group: name}), refuseOwnership({owner: name}));
  }
  for (const right of [
    {},
    {mode: '0644'},
    {mode: '644'},
    {mode: '1777', owner: 'www-data', group: '33'},
    {owner: 'DOMAIN\\anna'},
  ])
    t.is(refuseOwnership(right), undefined);
});
