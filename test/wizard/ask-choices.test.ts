import test from 'ava';
import type {Answers} from '../../src/wizard/answers.js';
import {askChoices} from '../../src/wizard/ask-choices.js';
import {scripted, surveying} from './scripted.js';

const SERVERS = [{address: '192.0.2.1'}, {address: '192.0.2.2'}, {address: '192.0.2.3'}];

/** Every answer for three servers. */
const ALL: Answers = {
  ...{servers: SERVERS, user: 'root', identityFile: '', domain: 'www.example.org', tls: 'authority'},
  ...{database: 'mariadb', writes: 'asynchronous', backups: 'servers', content: {kind: 'page'}, sshFrom: []},
};

interface Setting {
  readonly existing?: boolean;
  readonly connect?: boolean;
  readonly conduct?: Parameters<typeof surveying>[0];
}

/** Runs the wizard with this script; `given` are the answers of flags and files. */
async function run(given: Answers, script: Parameters<typeof scripted>[0], setting: Setting = {}) {
  const {existing = false, connect = false, conduct = {}} = setting;
  const talk = scripted(script);
  const {background, log} = surveying(conduct);
  const context = {prompter: talk.prompter, background, keys: Promise.resolve([]), existing, connect};
  const choices = await askChoices(context, given);
  return {choices, asked: talk.asked, said: talk.said(), left: talk.left(), log};
}

test('with every answer given, the user confirms the roles and then what is written', async (t) => {
  const {choices, asked, left} = await run(ALL, [true, 'write the project']);
  t.deepEqual(asked, ['Continue with these roles?', 'What now? [write the project]']);
  t.deepEqual(
    choices?.servers.map(({name, roles}) => `${name}: ${roles.join(' ')}`),
    ['lb1: balancer', 'app1: web primary', 'app2: web replica'],
  );
  t.deepEqual([choices?.domain, choices?.identityFile, left], ['www.example.org', undefined, 0]);
});

test('only the questions without an answer are asked, in their order, and the login first', async (t) => {
  const script = [
    'ada',
    'the usual files',
    true,
    'shop.example.org',
    "from Let's",
    'a@example.org',
    'when the primary has it',
    'on another server',
    'lb1',
    'a page',
    'anyone',
  ];
  const {asked, choices} = await run({servers: SERVERS, database: 'mysql'}, [...script, 'write']);
  t.deepEqual(
    asked.map((question) => question.replace(/ \[.*/, '')),
    [
      ...['Log in as', 'With the key', 'Continue with these roles?', "The site's public name"],
      ...['The certificate that visitors see', 'E-mail address for the certificate authority'],
      ...['A write to the database is done', 'Backups of the database are kept', 'Its name'],
      ...['The web servers serve', 'Who may connect to SSH', 'What now?'],
    ],
  );
  t.like(choices, {
    user: 'ada',
    database: 'mysql',
    writes: 'asynchronous',
    backups: 'lb1',
    tls: {kind: 'acme', email: 'a@example.org'},
    sshFrom: [],
  });
});

test('too few servers are asked for first', async (t) => {
  const {asked, choices} = await run({...ALL, servers: []}, ['I type', '192.0.2.1', '192.0.2.2', true, 'write']);
  t.is(asked[0], 'Where are your servers? []');
  t.is(choices?.servers.length, 2);
});

test('the user may decide to write nothing', async (t) => {
  t.is((await run(ALL, [true, 'nothing'])).choices, undefined);
});

test('answers to questions that are no longer asked are dropped', async (t) => {
  const given: Answers = {...ALL, email: 'a@example.org', virtualAddress: ['192.0.2.100']};
  const {choices} = await run(given, [true, 'write']);
  t.deepEqual([choices?.virtualAddress, choices?.tls], [[], {kind: 'authority'}]);
});

test('an answer can be changed in the review, also one that opens another question', async (t) => {
  const script = [true, 'change another answer', 'certificate', "from Let's", 'a@example.org', 'write'];
  const {choices, asked} = await run(ALL, script);
  t.deepEqual(choices?.tls, {kind: 'acme', email: 'a@example.org'});
  t.is(asked.filter((question) => question.startsWith('What now?')).length, 2);
});

test('changing the login asks for user and key again, and for nothing else', async (t) => {
  const {choices, asked} = await run(ALL, [true, 'change the login', 'ada', 'the usual files', 'write']);
  t.is(choices?.user, 'ada');
  t.deepEqual(asked.slice(2, 4), ['Log in as [root]', 'With the key [the usual files in ~/.ssh (there are none yet)]']);
  t.is(asked.length, 5);
});

test('four servers have two balancers, and the address that these share is asked for', async (t) => {
  const four = {...ALL, servers: [...SERVERS, {address: '192.0.2.4'}]};
  const {choices, asked} = await run(four, [true, '192.0.2.100', 'write']);
  t.deepEqual([choices?.virtualAddress, choices?.servers[1]?.name], [['192.0.2.100'], 'lb2']);
  t.is(asked[1], 'Address that the balancers share (free, in their network) []');
});

test('choices that cannot work are not offered to be written, and changing a server is suggested', async (t) => {
  const blocked: Answers = {...ALL, domain: 'intranet', tls: 'acme', email: 'a@example.org'};
  const {asked, said} = await run(blocked, [true, 'nothing']);
  t.is(asked.at(-1), 'What now? [change or leave out a server]');
  t.regex(said, /- no public authority issues certificates for "intranet"\./);
  await t.throwsAsync(run(blocked, [true, 'write']), {message: /no choice begins with write/});
});

const ROLES = [['balancer'], ['web', 'primary'], ['web', 'replica']] as const;

test('an existing project suggests changes first, and writing only after one', async (t) => {
  const own: Answers = {
    ...ALL,
    servers: SERVERS.map((each, at) => ({...each, name: `s${at}`, roles: ROLES[at] ?? []})),
  };
  const before = await run(own, ['nothing'], {existing: true});
  t.deepEqual(before.asked, ['What now? [add servers]']);
  const after = await run(own, ['change another answer', 'database', 'MySQL', ''], {existing: true});
  t.is(after.asked.at(-1), 'What now? [write the changes: each is shown first]');
  t.is(after.choices?.database, 'mysql');
});

test('servers are surveyed with the login that was given, each once', async (t) => {
  const {log, said} = await run({...ALL, user: 'ada', identityFile: '/k'}, [true, 'write'], {connect: true});
  const logins = log.filter((line) => line.startsWith('ada@')).sort();
  t.deepEqual(logins, ['ada@192.0.2.1:22 /k', 'ada@192.0.2.2:22 /k', 'ada@192.0.2.3:22 /k']);
  t.regex(said, /lb1 \+ Debian 13 \. app1 \+ Debian 13 \. app2 \+ Debian 13/);
});

test('without connecting, no server is touched', async (t) => {
  t.deepEqual((await run(ALL, [true, 'write'], {conduct: {'192.0.2.1': 'silent'}})).log, []);
});

test('a server that failed can be left out, and the project is then that of the others', async (t) => {
  const conduct = {'192.0.2.3': 'silent'} as const;
  const {choices, log} = await run(ALL, [true, 'leave it out', 'write'], {connect: true, conduct});
  t.deepEqual(
    choices?.servers.map(({address}) => address),
    ['192.0.2.1', '192.0.2.2'],
  );
  t.is(log.filter((line) => line.startsWith('root@')).length, 2);
});
