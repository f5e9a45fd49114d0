import test from 'ava';
import fc from 'fast-check';
import {addServers, faulty, mergeAnswers, type ServerAnswer} from '../../src/wizard/answers.js';

test('a later layer overrides an earlier one, and what it leaves open stays', (t) => {
  const merged = mergeAnswers(
    {user: 'root', domain: 'a.example.org', sshFrom: ['192.0.2.1']},
    {user: 'deploy', sshFrom: []},
    {},
  );
  t.deepEqual(merged, {user: 'deploy', domain: 'a.example.org', sshFrom: []});
  t.deepEqual(mergeAnswers(), {});
});

test('an answer that is undefined overrides nothing', (t) => {
  const open: object = {user: undefined, servers: undefined};
  const given = {user: 'root', servers: [{address: '192.0.2.1'}]};
  t.deepEqual(mergeAnswers(given, open), given);
});

test('servers of later layers are added to the earlier ones, or change them', (t) => {
  const {servers} = mergeAnswers(
    {servers: [{name: 'a', address: '192.0.2.1', roles: ['web']}]},
    {servers: [{address: '192.0.2.2'}, {name: 'a', address: '192.0.2.9', port: 2222}]},
  );
  t.deepEqual(servers, [{name: 'a', address: '192.0.2.9', roles: ['web'], port: 2222}, {address: '192.0.2.2'}]);
});

const FIRST: ServerAnswer = {name: 'a', address: '2001:db8::1', user: 'root', roles: ['web']};

const ADDED: readonly (readonly [title: string, added: ServerAnswer, expected: readonly ServerAnswer[]])[] = [
  [
    'the same name changes its address',
    {name: 'a', address: '192.0.2.1'},
    [{name: 'a', address: '192.0.2.1', user: 'root', roles: ['web']}],
  ],
  [
    'another name at the same address is another server',
    {name: 'b', address: '2001:db8::1'},
    [FIRST, {name: 'b', address: '2001:db8::1'}],
  ],
  [
    'no name and the same address in another spelling changes it',
    {address: '2001:DB8:0::1', roles: ['replica'], user: undefined},
    [{name: 'a', address: '2001:DB8:0::1', user: 'root', roles: ['replica']}],
  ],
  [
    'no name and another port is another server',
    {address: '2001:db8::1', port: 2222},
    [FIRST, {address: '2001:db8::1', port: 2222}],
  ],
  ['port 22 is the port of a server without one', {address: '2001:db8::1', port: 22}, [{...FIRST, port: 22}]],
];

for (const [title, added, expected] of ADDED) {
  test(`a server is added: ${title}`, (t) => {
    t.deepEqual(addServers([FIRST], [added]), expected);
  });
}

test('adding the same servers again changes nothing, and names stay unique', (t) => {
  const server = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'),
      address: fc.constantFrom('192.0.2.1', '192.0.2.2', 'x.example.org'),
      port: fc.constantFrom(22, 2222),
    },
    {requiredKeys: ['name', 'address']},
  );
  fc.assert(
    fc.property(fc.uniqueArray(server, {selector: ({name}) => name}), fc.array(server), (before, added) => {
      const once = addServers(Object.freeze(before), added);
      t.deepEqual(addServers(once, added), once);
      t.is(new Set(once.map(({name}) => name)).size, once.length);
    }),
    {numRuns: 50},
  );
});

test('a fault has its message and the next step, if there is one', (t) => {
  t.deepEqual(faulty('it is wrong', 'Correct it.'), {fault: {message: 'it is wrong', hint: 'Correct it.'}});
  t.is(faulty('it is wrong').fault.hint, undefined);
});
