import test from 'ava';
import {GROUP_NAMES, GROUPS, SERVER_ROLES, serversFor} from '../../src/project/choices.js';
import {serversLike} from './choices.js';

test('servers are found by role, in their order, and one with several roles by each', (t) => {
  const servers = serversLike('b', 'wp', '', 'wr');
  const names = (role: (typeof SERVER_ROLES)[number]) => serversFor(role, {servers}).map(({name}) => name);
  t.deepEqual(SERVER_ROLES.map(names), [['s1'], ['s2', 's4'], ['s2'], ['s4']]);
  t.deepEqual(serversFor('web', {servers: []}), []);
});

test('every role has its own group, whose name no server can have', (t) => {
  const groups = SERVER_ROLES.map((role) => GROUPS[role]);
  t.is(new Set(groups).size, SERVER_ROLES.length);
  t.deepEqual(
    groups.filter((group) => !GROUP_NAMES.includes(group)),
    [],
  );
});
