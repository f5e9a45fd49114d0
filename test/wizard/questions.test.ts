import test from 'ava';
import {Command} from 'commander';
import type {Answers} from '../../src/wizard/answers.js';
import {proposeRoles} from '../../src/wizard/compile-choices.js';
import {QUESTIONS, questionOf} from '../../src/wizard/questions.js';

const addresses = (count: number) => Array.from({length: count}, (_, at) => ({address: `192.0.2.${at + 1}`}));

/** Three servers have one balancer, four have two. */
const [THREE, FOUR] = [proposeRoles(addresses(3)), proposeRoles(addresses(4))];

/** The answer that a text gives to a question, as it is shown; or why it gives none. */
function shownAs(name: keyof Answers, text: string, answers: Answers = {}): string | undefined {
  const question = questionOf(name);
  const parsed = question.parse(text, answers);
  return 'fault' in parsed ? parsed.fault.message : question.shown({...answers, ...parsed.value});
}

test('every question has its own key and flag, in the form that commander takes for an option with a value', (t) => {
  const command = new Command();
  for (const {flag, about} of QUESTIONS) command.option(flag, about);
  t.deepEqual(
    command.options.map((option) => option.attributeName()),
    QUESTIONS.map(({name}) => name),
  );
  t.true(command.options.every(({required}) => required));
});

test('before there are answers, no question has one to show', (t) => {
  const shown = QUESTIONS.filter((each) => each.shown({}) !== undefined);
  t.deepEqual(shown, []);
});

test('the usual answer and every option to choose are texts that the question accepts', (t) => {
  for (const {name, options = [], usual, parse} of QUESTIONS) {
    const texts = [usual({answers: {}, servers: THREE}), ...options.map(({text, ask}) => ask?.usual ?? text)];
    for (const text of texts) if (text !== undefined) t.false('fault' in parse(text, {}), `${name}: ${text}`);
  }
});

test('what is shown of the usual answer is read as the same answer again', (t) => {
  for (const {name, usual, parse, shown} of QUESTIONS.filter((each) => each.name !== 'identityFile')) {
    const text = usual({answers: {}, servers: THREE});
    if (text === undefined || text === '') continue;
    const first = parse(text, {});
    const again = 'fault' in first ? undefined : shown(first.value);
    t.deepEqual(parse(again ?? '', {}), first, name);
  }
});

test('an option with a question of its own accepts the answers that belong to it, and no others', (t) => {
  const accepting = (name: keyof Answers, answer: string) =>
    questionOf(name)
      .options?.filter(({ask}) => ask?.accepts(answer))
      .map((option) => option.name);
  t.deepEqual(accepting('content', 'public'), ['a directory of files']);
  t.deepEqual(accepting('content', '8080'), ['a program']);
  t.deepEqual(accepting('content', 'page'), []);
  t.deepEqual(accepting('sshFrom', '192.0.2.0/24'), ['only some addresses or networks']);
  t.deepEqual(accepting('sshFrom', 'anywhere'), []);
  t.deepEqual(accepting('backups', 'lb1'), ['on another server']);
  t.deepEqual(accepting('backups', 'nowhere'), []);
});

const SHOWN: readonly (readonly [name: keyof Answers, text: string, shown: string])[] = [
  ['user', 'deploy', 'deploy'],
  ['identityFile', 'agent', 'from the agent, or the usual files'],
  ['virtualAddress', '192.0.2.100, 2001:db8::100', '192.0.2.100, 2001:db8::100'],
  ['virtualAddress', '', 'none'],
  ['domain', 'WWW.Example.ORG.', 'www.example.org'],
  ['tls', 'ACME', 'acme'],
  ['database', 'mysql', 'mysql'],
  ['backups', 'Servers', 'servers'],
  ['backups', ' NAS1 ', 'NAS1'],
  ['backups', 'a b', '"a b" is not the name of a server'],
  ['content', './site/', 'site'],
  ['content', ':3000', '3000'],
  ['sshFrom', '192.0.2.1;198.51.100.0/24', '192.0.2.1, 198.51.100.0/24'],
  ['sshFrom', 'any', 'anywhere'],
  ['database', 'postgres', '"postgres" is not one of mariadb, mysql'],
  ['user', 'de ploy', '"de ploy" is not a user name'],
];

for (const [name, text, shown] of SHOWN) {
  test(`the answer "${text}" to ${name} is shown as "${shown}"`, (t) => {
    t.is(shownAs(name, text), shown);
  });
}

test('a virtual address cannot be one of the servers', (t) => {
  const answers = {servers: addresses(4)};
  t.is(shownAs('virtualAddress', '192.0.2.4', answers), '"192.0.2.4" is the address of a server');
  t.is(shownAs('virtualAddress', '192.0.2.5', answers), '192.0.2.5');
});

test('only what the servers and the answers need is asked for', (t) => {
  const asked = (answers: Answers, servers = THREE) =>
    QUESTIONS.filter(({when}) => when({answers, servers})).map(({name}) => name);
  const always = ['user', 'identityFile', 'domain', 'tls', 'database', 'writes', 'backups', 'content', 'sshFrom'];
  t.deepEqual(asked({}), always);
  t.deepEqual(asked({tls: 'authority'}), always);
  t.deepEqual(asked({}, FOUR), always.toSpliced(2, 0, 'virtualAddress'));
  t.deepEqual(asked({tls: 'files'}), always.toSpliced(4, 0, 'certificate', 'key'));
  t.deepEqual(asked({tls: 'acme'}), always.toSpliced(4, 0, 'email'));
  // Without a replica there is nothing to wait for.
  t.false(asked({}, THREE.slice(0, 2)).includes('writes'));
});

test('there is no usual shared address for two balancers, and one balancer needs none', (t) => {
  const {usual} = questionOf('virtualAddress');
  t.deepEqual([usual({answers: {}, servers: FOUR}), usual({answers: {}, servers: THREE})], [undefined, '']);
});

test('the usual login user is the first that was written before an address, else root', (t) => {
  const {usual} = questionOf('user');
  t.is(usual({answers: {}, servers: addresses(2)}), 'root');
  const servers = [{address: '192.0.2.1'}, {address: '192.0.2.2', user: 'ada'}, {address: '192.0.2.3', user: 'bo'}];
  t.is(usual({answers: {}, servers}), 'ada');
});

test('a key without a question is an error', (t) => {
  t.throws(() => questionOf('servers'), {instanceOf: RangeError, message: 'there is no question for servers'});
});
