import test from 'ava';
import {askRoles} from '../../../src/wizard/ask/ask-roles.js';
import {proposeRoles} from '../../../src/wizard/compile-choices.js';
import type {Prompter} from '../../../src/wizard/terminal/prompter.js';

const three = proposeRoles([{address: '192.0.2.1'}, {address: '192.0.2.2'}, {address: '192.0.2.3'}]);

const answers = {user: 'deploy', domain: 'www.example.org'};

/** Answers questions in this order: a text, a choice by how it begins, roles by name, or yes and no. */
function scripted(script: (string | boolean | readonly string[])[]) {
  const said: string[] = [];
  const next = () => script.shift() ?? 'nothing is left in the script';
  const prompter: Prompter = {
    say: (text) => void said.push(String(text)),
    text: async (_, {usual = '', refuse}) => {
      const answer = String(next()) || usual;
      const reason = refuse?.(answer);
      if (reason !== undefined) throw new Error(reason);
      return answer;
    },
    choose: async (_, choices) => {
      const answer = String(next());
      const found = choices.find(({name}) => name.startsWith(answer));
      if (!found) throw new Error(`no choice begins with ${answer}: ${choices.map(({name}) => name).join(', ')}`);
      return found.value;
    },
    mark: async (_, choices) => {
      const answer = [next()].flat();
      return choices.filter(({short}) => answer.includes(short ?? '')).map(({value}) => value);
    },
    confirm: async () => next() === true,
    lines: () => Promise.reject(new Error('nobody asks for lines here')),
    wait: (_, work) => work,
    signs: {done: '+', failed: '-', going: '.', dot: '.'},
  };
  return {prompter, said: () => said.join('\n'), left: () => script.length};
}

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
