import test from 'ava';
import type {LoginKey} from '../../../src/survey/index.js';
import type {Answers} from '../../../src/wizard/answers.js';
import {askQuestion, keyOptions} from '../../../src/wizard/ask/ask-question.js';
import {questionOf} from '../../../src/wizard/questions.js';
import {scripted} from '../scripted.js';

/** Asks one question, and gives the answers with what was asked. */
async function ask(name: keyof Answers, answers: Answers, ...script: string[]) {
  const talk = scripted(script);
  const given = await askQuestion(talk.prompter, questionOf(name), {answers, servers: []});
  return {given, asked: talk.asked, left: talk.left()};
}

test('the answer is added to the others, and the usual one is offered', async (t) => {
  t.deepEqual(await ask('domain', {user: 'root'}, ''), {
    given: {user: 'root', domain: 'www.example.test'},
    asked: ["The site's public name [www.example.test]"],
    left: 0,
  });
});

test('the answer from before is offered instead of the usual one', async (t) => {
  const {given, asked} = await ask('domain', {domain: 'old.example.org'}, 'new.example.org');
  t.deepEqual([given.domain, asked], ['new.example.org', ["The site's public name [old.example.org]"]]);
});

test('an answer that is not understood is refused with the reason and the next step', async (t) => {
  await t.throwsAsync(ask('domain', {}, 'https://www.example.org/'), {
    message: '"https://www.example.org/" is a web address. Give the name alone: www.example.org',
  });
});

test('one of several options is chosen by its name, and the usual one is marked', async (t) => {
  const {given, asked} = await ask('tls', {}, "from Let's Encrypt");
  t.deepEqual(given, {tls: 'acme'});
  t.deepEqual(asked, ["The certificate that visitors see [from the project's own authority]"]);
  t.deepEqual((await ask('database', {database: 'mysql'}, '')).asked, ['Database [MySQL]']);
});

test('an option can ask for the answer itself, with its own usual one', async (t) => {
  const {given, asked} = await ask('content', {}, 'a program', '');
  t.deepEqual(given.content, {kind: 'application', port: 3000});
  t.deepEqual(asked, ['The web servers serve [a page]', 'Its port [3000]']);
});

test('every option gives the answer that it says', async (t) => {
  t.deepEqual((await ask('content', {}, 'a page')).given, {content: {kind: 'page'}});
  t.deepEqual((await ask('tls', {}, "from the project's own")).given, {tls: 'authority'});
  t.deepEqual((await ask('tls', {}, 'from files')).given, {tls: 'files'});
  t.deepEqual((await ask('database', {}, 'MariaDB')).given, {database: 'mariadb'});
  t.deepEqual((await ask('sshFrom', {}, 'anyone')).given, {sshFrom: []});
});

test('the answer from before is offered by the option that it belongs to, and by no other', async (t) => {
  const before: Answers = {content: {kind: 'directory', directory: 'docs'}};
  const same = await ask('content', before, '', '');
  t.deepEqual(same.given, before);
  t.deepEqual(same.asked, ['The web servers serve [a directory of files]', 'Directory [docs]']);
  const other = await ask('content', before, 'a program', '8080');
  t.deepEqual(other.asked, ['The web servers serve [a directory of files]', 'Its port [3000]']);
});

test('an option that asks needs an answer', async (t) => {
  await t.throwsAsync(ask('sshFrom', {}, 'only some', ''), {message: 'no answer was given'});
});

const key = (from: string, more: Partial<LoginKey> = {}): LoginKey => ({
  ...{from, type: 'ssh-ed25519', comment: 'me', fingerprint: 'SHA256:x', encrypted: false},
  ...more,
});

test('the keys of the agent are one option, each file is another, and any other file can be named', (t) => {
  const keys = [key('agent'), key('agent', {comment: 'work'}), key('/h/.ssh/a'), key('/h/.ssh/b', {comment: ''})];
  const options = keyOptions(keys).map(({text, name, description}) => [text, name, description]);
  t.deepEqual(options, [
    ['agent', "the agent's (it has 2), or the usual files in ~/.ssh", 'me, work'],
    ['/h/.ssh/a', '/h/.ssh/a', 'ssh-ed25519 me'],
    ['/h/.ssh/b', '/h/.ssh/b', 'ssh-ed25519'],
    ['', 'another file', undefined],
  ]);
});

test('a file with a passphrase is not an option, and the usual files are named whether there are any or not', (t) => {
  const names = (...keys: LoginKey[]) => keyOptions(keys).map(({name}) => name);
  t.deepEqual(names(), ['the usual files in ~/.ssh (there are none yet)', 'another file']);
  t.deepEqual(names(key('/h/.ssh/a', {encrypted: true})), ['the usual files in ~/.ssh', 'another file']);
});

test('the path of another file is asked for, but not in place of the agent', (t) => {
  const other = keyOptions([]).at(-1)?.ask;
  t.deepEqual([other?.message, other?.accepts('agent'), other?.accepts('/k')], ['Private key file', false, true]);
});
