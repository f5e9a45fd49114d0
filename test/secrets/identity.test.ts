import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {recipientOf} from '../../src/secrets/age.js';
import {identityFile, loadIdentities, makeIdentity, writeIdentities} from '../../src/secrets/identity.js';
import {faultsOf, newProject} from './project.js';

/** Something of the form of an identity. */
const like = (letter: string) => `AGE-SECRET-KEY-1${letter.repeat(58)}`;

const [ONE, TWO] = [like('Q'), like('P')];

const from = (text: string) => loadIdentities({root: '/nowhere', env: {INFRA_AGE_IDENTITY: text}});

test('a project without any identity has none', async (t) => {
  const root = await newProject(t);
  t.is(loadIdentities({root, env: {INFRA_AGE_IDENTITY: '', INFRA_AGE_IDENTITY_FILE: ''}}), undefined);
});

test('comments, empty lines and blanks around a key are left out, and several keys keep their order', (t) => {
  t.deepEqual(from(`# created: today\n\n ${TWO}\r\n${ONE}`), {keys: [TWO, ONE], from: 'INFRA_AGE_IDENTITY'});
});

test('the variable comes before the file, the file before the command, and the command before the project', async (t) => {
  const root = await newProject(t);
  const file = join(root, 'mine');
  writeFileSync(file, TWO, {mode: 0o600});
  const command = `printf '%s\\n' ${like('Z')}`;
  writeIdentities(root, [like('Y')], 'age1');
  const env = {INFRA_AGE_IDENTITY: ONE, INFRA_AGE_IDENTITY_FILE: file, INFRA_AGE_IDENTITY_COMMAND: command};
  const {INFRA_AGE_IDENTITY: _, ...withoutKey} = env;
  t.deepEqual(loadIdentities({root, env}), {keys: [ONE], from: 'INFRA_AGE_IDENTITY'});
  t.deepEqual(loadIdentities({root, env: withoutKey}), {keys: [TWO], from: file});
  t.deepEqual(loadIdentities({root, env: {INFRA_AGE_IDENTITY_COMMAND: command}}), {
    keys: [like('Z')],
    from: 'what INFRA_AGE_IDENTITY_COMMAND prints',
  });
  t.deepEqual(loadIdentities({root, env: {}}), {keys: [like('Y')], from: identityFile(root)});
});

const FORM = 'An identity is one line that begins with AGE-SECRET-KEY-1, as age-keygen and infra secrets init make it.';

const WRONG: readonly (readonly [text: string, message: string, hint: string])[] = [
  ['# only a comment', 'INFRA_AGE_IDENTITY holds no age identity', FORM],
  ['hunter2', 'INFRA_AGE_IDENTITY is not an age identity', FORM],
  [ONE.toLowerCase(), 'INFRA_AGE_IDENTITY is not an age identity', FORM],
  [`${ONE}Q`, 'INFRA_AGE_IDENTITY is not an age identity', FORM],
  [`# mine\n${ONE}\nhunter2`, 'line 3 of INFRA_AGE_IDENTITY is not an age identity', FORM],
  [
    '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2',
    'line 1 of INFRA_AGE_IDENTITY is not an age identity',
    'SSH keys are not read. Make an identity: infra secrets init',
  ],
  [
    '-----BEGIN AGE ENCRYPTED FILE-----\nhunter2',
    'line 1 of INFRA_AGE_IDENTITY is not an age identity',
    "It is protected by a passphrase. Let age ask for it: INFRA_AGE_IDENTITY_COMMAND='age --decrypt FILE'",
  ],
];

for (const [text, message, hint] of WRONG) {
  test(`a text that is not an identity is refused and not shown: ${JSON.stringify(text.slice(0, 24))}`, async (t) => {
    const faults = await faultsOf(t, () => from(text));
    t.deepEqual(faults, [{message, hint}]);
    t.false(JSON.stringify(faults).includes('hunter2'));
  });
}

test('a named file that does not exist is an error, and not a reason to take another identity', async (t) => {
  const root = await newProject(t);
  writeIdentities(root, [ONE], 'age1');
  const file = join(root, 'absent');
  t.deepEqual(await faultsOf(t, () => loadIdentities({root, env: {INFRA_AGE_IDENTITY_FILE: file}})), [
    {
      message: `INFRA_AGE_IDENTITY_FILE names ${file}, which does not exist`,
      hint: 'Name the file of your age identity, or unset the variable.',
    },
  ]);
});

test('a command that fails is reported with its exit code, and what it printed is not used', async (t) => {
  const env = {INFRA_AGE_IDENTITY_COMMAND: `echo ${ONE}; exit 3`};
  t.deepEqual(await faultsOf(t, () => loadIdentities({root: '/nowhere', env})), [
    {
      message: 'INFRA_AGE_IDENTITY_COMMAND ended with exit code 3',
      hint: 'Run it by hand: it must print an age identity to standard output.',
    },
  ]);
});

const MODES: readonly (readonly [title: string, file: number, directory: number, message?: RegExp])[] = [
  ['its owner alone', 0o600, 0o700],
  ['its owner alone, in a directory that others may list', 0o400, 0o755],
  ['the group', 0o640, 0o700, /identity holds a private key and users other than its owner may read it$/],
  ['nobody, while others may execute it', 0o601, 0o700, /identity holds a private key and users other than its owner/],
  ['its owner, in a directory that others may write to', 0o600, 0o722, /safe holds a private key and users other than/],
];

for (const [title, mode, around, message] of MODES) {
  test(`a file that can be read by ${title} is ${message ? 'refused' : 'used'}`, async (t) => {
    const safe = join(await newProject(t), 'safe');
    mkdirSync(safe);
    const file = join(safe, 'identity');
    writeFileSync(file, ONE);
    chmodSync(file, mode);
    chmodSync(safe, around);
    const load = () => loadIdentities({root: '/nowhere', env: {INFRA_AGE_IDENTITY_FILE: file}});
    if (message === undefined) t.deepEqual(load()?.keys, [ONE]);
    else t.regex((await faultsOf(t, load))[0]?.message ?? '', message);
    chmodSync(safe, 0o700);
  });
}

test('an identity that is made opens what is encrypted for its recipient, and its file says which that is', async (t) => {
  const root = await newProject(t);
  const made = await makeIdentity(root);
  t.deepEqual(loadIdentities({root, env: {}}), made);
  const text = readFileSync(identityFile(root), 'utf8');
  t.true(text.includes(`# public key: ${await recipientOf(made.keys[0] ?? '')}\n`));
  t.regex(text, /^# created: \d{4}-\d\d-\d\dT/);
  t.is(statSync(identityFile(root)).mode & 0o777, 0o600);
  t.is(statSync(join(root, '.infra')).mode & 0o777, 0o700);
});

test('no key is written to a directory that somebody has made Git track', async (t) => {
  const root = await newProject(t);
  execFileSync('git', ['init', '--quiet', root]);
  mkdirSync(join(root, '.infra'));
  writeFileSync(join(root, '.infra/.gitignore'), '');
  const [fault] = await faultsOf(t, () => writeIdentities(root, [ONE], 'age1'));
  t.is(fault?.message, `${identityFile(root)} would hold a private key, and Git does not ignore it`);
  t.deepEqual(readdirSync(join(root, '.infra')), ['.gitignore']);
  writeFileSync(join(root, '.gitignore'), '.infra/\n');
  writeIdentities(root, [ONE, TWO], 'age1');
  t.deepEqual(loadIdentities({root, env: {}})?.keys, [ONE, TWO]);
});
