import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {newKeyPair} from '../../src/secrets/age.js';
import {addRecipient, removeRecipient, resealAll, rotateIdentity} from '../../src/secrets/index.js';
import {faultsOf, newProject, opened, passwordsOf} from './project.js';

const silent = () => {};

async function withAuthority(root: string) {
  const secrets = await opened(root);
  return (await secrets.keep('authority/key', async () => 'first line\nsecond line\n', {file: 'authority'})).reveal();
}

const readBoth = async (root: string, env: NodeJS.ProcessEnv = {}) => {
  const secrets = await opened(root, env);
  const key = await secrets.keep('authority/key', () => Promise.reject(new Error('made again')), {file: 'authority'});
  return [secrets.get('one').reveal(), key.reveal()];
};

test('an added recipient can read every value of every file, and a removed one none', async (t) => {
  const root = await newProject(t, {one: 'value one', two: 'value two'});
  const key = await withAuthority(root);
  const alice = await newKeyPair();
  const place = {root, env: {}};
  const added = await resealAll(place, silent, (text) => addRecipient(text, {key: alice.recipient, name: 'alice'}));
  t.deepEqual(added, {values: 3, recipients: 2});
  t.deepEqual(await readBoth(root, {INFRA_AGE_IDENTITY: alice.identity}), ['value one', key]);
  t.deepEqual(await readBoth(root), ['value one', key]);
  const removed = await resealAll(place, silent, (text) => removeRecipient(text, alice.recipient));
  t.deepEqual(removed, {values: 3, recipients: 1});
  await faultsOf(t, () => readBoth(root, {INFRA_AGE_IDENTITY: alice.identity}));
  t.deepEqual(await readBoth(root), ['value one', key]);
});

test('nothing is written when one value cannot be opened, or when we could no longer read it', async (t) => {
  const root = await newProject(t, {one: 'value one'});
  await withAuthority(root);
  const alice = await newKeyPair();
  const directory = join(root, 'secrets');
  const all = () => readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
  const before = all();
  const [fault] = await faultsOf(t, () => resealAll({root, env: {}}, silent, () => `${alice.recipient}\n`));
  t.regex(fault?.message ?? '', /could not read/);
  t.deepEqual(all(), before);
  writeFileSync(passwordsOf(root), before[1]?.replace(/^ {2}[A-Za-z0-9+/]{64}\n/m, `  ${'A'.repeat(64)}\n`) ?? '');
  const damaged = all();
  t.notDeepEqual(damaged, before);
  await faultsOf(t, () =>
    resealAll({root, env: {}}, silent, (text) => addRecipient(text, {key: alice.recipient, name: ''})),
  );
  t.deepEqual(all(), damaged);
});

test('a new identity takes the place of the old one, which no longer opens anything', async (t) => {
  const root = await newProject(t, {one: 'value one'});
  const file = join(root, '.infra/identity.txt');
  const old = readFileSync(file, 'utf8').trim();
  const key = await withAuthority(root);
  const recipients = join(root, 'secrets/recipients.txt');
  writeFileSync(recipients, `# ours\n${readFileSync(recipients, 'utf8')}`);
  t.deepEqual(await rotateIdentity({root, env: {}}, silent), {values: 2, recipients: 1});
  t.deepEqual(await readBoth(root), ['value one', key]);
  t.false(readFileSync(file, 'utf8').includes(old));
  t.regex(readFileSync(recipients, 'utf8'), /^# ours\nage1\w{58}\n$/);
  await faultsOf(t, () => readBoth(root, {INFRA_AGE_IDENTITY: old}));
  const elsewhere = {root, env: {INFRA_AGE_IDENTITY: old}};
  t.regex((await faultsOf(t, () => rotateIdentity(elsewhere, silent)))[0]?.message ?? '', /kept in INFRA_AGE_IDENTITY/);
});

test('editing a list of recipients keeps the comments of the others', (t) => {
  const text = '# the team\n\n# alice\nage1alice\n# bob\nage1bob';
  t.is(addRecipient(text, {key: 'age1carol', name: 'carol'}), `${text}\n# carol\nage1carol\n`);
  t.is(removeRecipient(text, 'age1alice'), '# the team\n\n# bob\nage1bob');
  t.is(removeRecipient('age1alice\nage1bob\n', 'age1bob'), 'age1alice\n');
});
