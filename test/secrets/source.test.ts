import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {inspect} from 'node:util';
import test from 'ava';
import {faultsOf, newProject, opened} from './project.js';

test('a secret is read from where the playbook says, without the line break at its end', async (t) => {
  const root = await newProject(t);
  writeFileSync(join(root, 'token'), 'from a file\n');
  writeFileSync(join(root, 'key'), 'first line\nsecond line\n');
  const secrets = await opened(root, {...process.env, TOKEN: 'from a variable\n'});
  t.is(secrets.get('file', {file: 'token'}).reveal(), 'from a file');
  t.is(secrets.get('key', {file: 'key'}).reveal(), 'first line\nsecond line\n', 'a key in PEM ends in a line break');
  t.is(secrets.get('variable', {env: 'TOKEN'}).reveal(), 'from a variable\n');
  t.is(secrets.get('command', {command: ['printf', '%s\\n', '$HOME "x"']}).reveal(), '$HOME "x"');
  t.is(secrets.get('command').reveal(), '$HOME "x"', 'it is declared once');
  t.true(await secrets.save());
  t.deepEqual(secrets.notices, [], 'none of them is kept in the project');
});

test('the environment overrides a source, and then nothing is run', async (t) => {
  const secrets = await opened(await newProject(t), {INFRA_SECRET_APP_DB: 'overriding'});
  t.is(secrets.get('app/db', {command: ['false']}).reveal(), 'overriding');
});

test('a source that gives nothing is named, and what it printed is not', async (t) => {
  const secrets = await opened(await newProject(t), process.env);
  const faults = [
    await faultsOf(t, () => secrets.get('a', {env: 'INFRA_TEST_UNSET'})),
    await faultsOf(t, () => secrets.get('b', {file: 'nowhere'})),
    await faultsOf(t, () => secrets.get('c', {command: ['sh', '-c', 'echo hunter; exit 4']})),
    await faultsOf(t, () => secrets.get('d', {command: ['infra-test-no-such-program']})),
    await faultsOf(t, () => secrets.get('e', {command: ['true']})),
  ].flat();
  t.deepEqual(
    faults.map(({message}) => message.replace(/'\/.*\/nowhere'/, 'FILE')),
    [
      'the environment variable INFRA_TEST_UNSET is not set',
      `the secret's file cannot be read: ENOENT: no such file or directory, open FILE`,
      '"sh -c echo hunter; exit 4" ended with exit code 4',
      'there is no program "infra-test-no-such-program" to ask for the secret',
      'the secret "e" in what true prints is empty',
    ],
  );
  t.true(faults.every(({at}) => at?.file.includes('source.test')));
  t.notRegex(inspect(faults), /hunter\n/);
});

test('one secret from two sources is refused', async (t) => {
  const secrets = await opened(await newProject(t), {ONE: 'first', TWO: 'second'});
  secrets.get('name', {env: 'ONE'});
  t.is(secrets.get('name', {env: 'ONE'}).reveal(), 'first');
  const [fault] = await faultsOf(t, () => secrets.get('name', {env: 'TWO'}));
  t.regex(fault?.message ?? '', /asked for before, from another source/);
});
