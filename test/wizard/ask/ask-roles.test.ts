import test from 'ava';
import {askRoles} from '../../../src/wizard/ask/ask-roles.js';
import {proposeRoles} from '../../../src/wizard/compile-choices.js';
import {scripted} from '../scripted.js';

const three = proposeRoles([{address: '192.0.2.1'}, {address: '192.0.2.2'}, {address: '192.0.2.3'}]);

const answers = {user: 'deploy', domain: 'www.example.org'};

test('a proposal can be accepted as it is', async (t) => {
  t.deepEqual(await askRoles(scripted([true]).prompter, answers, three), three);
});

test('a server can get another name, address and roles', async (t) => {
  const talk = scripted([false, 'app2', 'db1', '192.0.2.9:2222', ['replica'], true]);
  const servers = await askRoles(talk.prompter, answers, three);
  t.deepEqual(servers[2], {
    ...{name: 'db1', address: '192.0.2.9', port: 2222, privateAddress: undefined},
    roles: ['replica'],
  });
  t.is(talk.left(), 0);
});

test('a server can be left out as long as enough are left', async (t) => {
  const talk = scripted([false, 'leave a server out', 'app2', true]);
  t.deepEqual(await askRoles(talk.prompter, answers, three), three.slice(0, 2));
  const two = scripted([false, 'leave a server out']);
  await t.throwsAsync(askRoles(two.prompter, answers, three.slice(0, 2)), {message: /no choice begins with leave/});
});

test('faults are shown, and the roles are asked for again', async (t) => {
  const talk = scripted([false, 'app1', '', '', ['balancer', 'web', 'primary'], 'none: back', true]);
  t.deepEqual(await askRoles(talk.prompter, answers, three), three);
  t.regex(talk.said(), /app1 cannot be balancer and web server/);
});

test('two balancers with IPv6 addresses alone are accepted before a shared address is asked for', async (t) => {
  const four = proposeRoles([1, 2, 3, 4].map((host) => ({address: `2001:db8::${host}`})));
  t.deepEqual(await askRoles(scripted([true]).prompter, answers, four), four);
});

test('only the servers matter here: another answer that is wrong is left to the review', async (t) => {
  const wrong = {...answers, domain: 'intranet', tls: 'acme', email: 'a@example.org'} as const;
  t.deepEqual(await askRoles(scripted([true]).prompter, wrong, three), three);
});
