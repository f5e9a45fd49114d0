import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {inspect} from 'node:util';
import test from 'ava';
import {newKeyPair} from '../../src/secrets/age.js';
import {faultsOf, newProject, opened, passwordsOf} from './project.js';

test('the environment comes first and is not written down', async (t) => {
  const root = await newProject(t, {'mysql/app': 'from-file'});
  const before = readFileSync(passwordsOf(root), 'utf8');
  const secrets = await opened(root, {INFRA_SECRET_MYSQL_APP: 'from-environment'});
  t.is(secrets.get('mysql/app').reveal(), 'from-environment');
  t.true(await secrets.save());
  t.is(readFileSync(passwordsOf(root), 'utf8'), before);
  t.is((await opened(root)).get('mysql/app').reveal(), 'from-file');
});

test('a fresh project gets an identity, a list of recipients and the secrets that are asked for, and reports that', async (t) => {
  const root = await newProject(t);
  const first = await opened(root);
  const clear = first.get('mysql/app').reveal();
  t.regex(clear, /^[A-Za-z0-9]{32}$/);
  t.is(first.get('mysql/app'), first.get('mysql/app'));
  t.deepEqual(readdirSync(root), [], 'get writes nothing by itself');
  t.true(await first.save());
  t.is(statSync(join(root, '.infra/identity.txt')).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(join(root, 'secrets')).sort(), ['passwords.age.yaml', 'recipients.txt']);
  t.regex(first.notices.join('\n'), /identity in .*\.infra\/identity\.txt.*Back it up[\s\S]*Generated mysql\/app in /);
  const second = await opened(root);
  t.is(second.get('mysql/app').reveal(), clear);
  t.true(await second.save());
  t.deepEqual(second.notices, []);
});

test('names are readable, values are not, and the existing content stays as it was, byte for byte', async (t) => {
  const root = await newProject(t, {old: 'the old value'});
  const before = readFileSync(passwordsOf(root), 'utf8').replace('old:', '# whose\nold:');
  writeFileSync(passwordsOf(root), before);
  const secrets = await opened(root);
  const clear = secrets.get('new/one').reveal();
  await secrets.save();
  const after = readFileSync(passwordsOf(root), 'utf8');
  t.true(after.startsWith(before));
  t.regex(after.slice(before.length), /^new\/one: \|\n {2}-----BEGIN AGE ENCRYPTED FILE-----\n/);
  t.false(after.includes(clear));
  t.is((await opened(root)).get('old').reveal(), 'the old value');
});

test('of two runs that generate one secret at once, both end with the value of the first', async (t) => {
  const root = await newProject(t);
  const [one, two] = [await opened(root), await opened(root)];
  const [first, second] = [one.get('a').reveal(), two.get('a').reveal()];
  t.not(first, second);
  two.get('b');
  t.true(await one.save());
  t.false(await two.save(), 'what was made with the other value must be made again');
  t.is(two.get('a').reveal(), first);
  t.true(await two.save());
  const third = await opened(root);
  t.deepEqual([third.get('a').reveal(), third.get('b').reveal()], [first, two.get('b').reveal()]);
  t.deepEqual(two.notices, [`Generated b in ${passwordsOf(root)}`]);
});

test('a kept secret is made once, however many runs ask at once, in a file that is opened only for it', async (t) => {
  const root = await newProject(t);
  let made = 0;
  const key = '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n';
  const make = async () => {
    made += 1;
    return key;
  };
  const all = await Promise.all([opened(root), opened(root), opened(root)]);
  const kept = await Promise.all(all.map((secrets) => secrets.keep('authority/key', make, {file: 'authority'})));
  t.deepEqual([made, ...kept.map((each) => each.reveal())], [1, key, key, key]);
  t.deepEqual(readdirSync(join(root, 'secrets')).sort(), ['authority.age.yaml', 'recipients.txt']);
  t.is((await all[0].keep('authority/key', make, {file: 'authority'})).reveal(), key);
  t.is(all[0].mask('xbm90IGEga2V5'), 'x(sensitive)');
  writeFileSync(join(root, 'secrets/authority.age.yaml'), 'damaged');
  const secrets = await opened(root);
  t.is(secrets.get('other').reveal().length, 32);
  const [fault] = await faultsOf(t, () => secrets.keep('authority/key', make, {file: 'authority'}));
  t.is(fault?.at?.file, join(root, 'secrets/authority.age.yaml'));
});

test('nothing is kept when making it fails', async (t) => {
  const root = await newProject(t);
  const secrets = await opened(root);
  await t.throwsAsync(
    secrets.keep('key', () => Promise.reject(new Error('no'))),
    {message: 'no'},
  );
  t.false(existsSync(passwordsOf(root)));
});

test('a missing identity is an error only when a secret is asked for, and the error says the next step', async (t) => {
  const root = await newProject(t, {one: 'value'});
  writeFileSync(join(root, '.infra/identity.txt'), '');
  const env = {INFRA_SECRET_TWO: 'from-environment'};
  t.is((await opened(root, env)).get('two').reveal(), 'from-environment');
  const empty = await opened(root);
  t.regex((await faultsOf(t, () => empty.get('one')))[0]?.message ?? '', /identity\.txt holds no age identity/);
  const none = await opened(root, {INFRA_AGE_IDENTITY_FILE: join(root, 'nowhere')});
  t.regex((await faultsOf(t, () => none.get('one')))[0]?.message ?? '', /names .*nowhere, which does not exist/);
});

test('a project with encrypted values does not get a new identity', async (t) => {
  const root = await newProject(t, {one: 'value'});
  execFileSync('rm', [join(root, '.infra/identity.txt')]);
  const secrets = await opened(root);
  const [fault] = await faultsOf(t, () => secrets.get('one'));
  t.regex(fault?.hint ?? '', /infra secrets init/);
  t.is(fault?.at?.line, 3);
  secrets.get('new');
  await faultsOf(t, () => secrets.save());
  t.false(existsSync(join(root, '.infra/identity.txt')));
});

test('identities can also come from a variable, a file or a command', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const file = join(root, 'elsewhere.txt');
  execFileSync('mv', [join(root, '.infra/identity.txt'), file]);
  const identity = readFileSync(file, 'utf8');
  const environments = [
    {INFRA_AGE_IDENTITY: identity},
    {INFRA_AGE_IDENTITY_FILE: file},
    {INFRA_AGE_IDENTITY_COMMAND: `echo '# comment'; cat ${file}`},
  ];
  for (const env of environments) t.is((await opened(root, env)).get('one').reveal(), 'value');
  const failing = await opened(root, {INFRA_AGE_IDENTITY_COMMAND: 'exit 3'});
  t.regex((await faultsOf(t, () => failing.get('one')))[0]?.message ?? '', /ended with exit code 3/);
});

test('an identity of somebody else opens nothing, and the error says who can help', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const {identity} = await newKeyPair();
  const secrets = await opened(root, {INFRA_AGE_IDENTITY: identity});
  const [fault] = await faultsOf(t, () => secrets.get('one'));
  t.regex(fault?.message ?? '', /"one" is not encrypted for the identity in INFRA_AGE_IDENTITY/);
  secrets.get('two');
  t.regex((await faultsOf(t, () => secrets.save()))[0]?.hint ?? '', /recipients add age1/);
});

test('no message repeats an identity', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const {identity} = await newKeyPair();
  for (const wrong of [`${identity}X`, identity.slice(0, -1), `AGE-PLUGIN-${identity}`]) {
    const secrets = await opened(root, {INFRA_AGE_IDENTITY: wrong});
    t.notRegex(inspect(await faultsOf(t, () => secrets.get('one')), {depth: 9}), /KEY-1\w{20}/);
  }
});

test('an identity that others may read is refused with the command that fixes it', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const file = join(root, '.infra/identity.txt');
  chmodSync(file, 0o640);
  const secrets = await opened(root);
  t.is((await faultsOf(t, () => secrets.get('one')))[0]?.hint, `Run: chmod 600 ${file}`);
});

test('Git ignores an identity, and one that Git would commit is refused', async (t) => {
  const root = await newProject(t);
  execFileSync('git', ['init', '--quiet', root]);
  const secrets = await opened(root);
  secrets.get('one');
  await secrets.save();
  const status = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {cwd: root, encoding: 'utf8'});
  t.is(status, '?? secrets/passwords.age.yaml\n?? secrets/recipients.txt\n');
  execFileSync('git', ['add', '--force', '.infra/identity.txt'], {cwd: root});
  const taken = await opened(root);
  t.regex((await faultsOf(t, () => taken.get('one')))[0]?.hint ?? '', /\.gitignore.*git rm --cached/);
});

test('a damaged value does not affect the others, and is named with its line', async (t) => {
  const root = await newProject(t, {one: 'first value', two: 'second value'});
  const lines = readFileSync(passwordsOf(root), 'utf8').split('\n');
  const at = lines.indexOf('two: |');
  lines[at + 4] = `  ${'A'.repeat(64)}`;
  writeFileSync(passwordsOf(root), lines.join('\n'));
  const secrets = await opened(root);
  t.is(secrets.get('one').reveal(), 'first value');
  const [fault] = await faultsOf(t, () => secrets.get('two'));
  t.regex(fault?.message ?? '', /encrypted value of "two" is damaged/);
  t.is(fault?.at?.line, at + 1);
});

test('a damaged file is named with its lines, never shown and never overwritten', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const text = 'one: hunter2hunter2\n\ttwo: *hunter3hunter3\nthree: [hunter4\n';
  writeFileSync(passwordsOf(root), text);
  const secrets = await opened(root);
  const diagnostics = await faultsOf(t, () => secrets.get('new'));
  t.is(diagnostics[0]?.at?.line, 2);
  t.notRegex(inspect(diagnostics), /hunter/);
  t.is(readFileSync(passwordsOf(root), 'utf8'), text);
});

test('a value in clear, a merge that kept both, and a name that is not a text are refused', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const text = readFileSync(passwordsOf(root), 'utf8');
  const block = text.slice(text.indexOf('one:'));
  writeFileSync(passwordsOf(root), `plain: hunter2hunter2\n${block}1: x\n`);
  const [clear, name] = await faultsOf(t, async () => (await opened(root)).get('one'));
  t.deepEqual([clear?.at?.line, clear?.message], [1, 'the value of "plain" is not encrypted']);
  t.is(name?.message, 'this name is not a text');
  writeFileSync(passwordsOf(root), block + block);
  const [twice] = await faultsOf(t, async () => (await opened(root)).get('one'));
  t.regex(twice?.message ?? '', /this name is given twice/);
});

test('a wrong line among the recipients is named before anything is written', async (t) => {
  const root = await newProject(t, {one: 'value'});
  const file = join(root, 'secrets/recipients.txt');
  const recipient = readFileSync(file, 'utf8').trim();
  const before = readFileSync(passwordsOf(root), 'utf8');
  const wrong = {
    'this is not an age recipient': 'ssh-ed25519 AAAA',
    'the check sum of this age recipient is wrong': recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')),
    'this is an identity, which must stay private, not a recipient': readFileSync(
      join(root, '.infra/identity.txt'),
      'utf8',
    ),
  };
  for (const [message, line] of Object.entries(wrong)) {
    writeFileSync(file, `# ours\n${recipient}\n${line}\n`);
    const secrets = await opened(root);
    secrets.get('new');
    const [fault] = await faultsOf(t, () => secrets.save());
    t.deepEqual([fault?.message, fault?.at?.line], [message, 3]);
    t.is(readFileSync(passwordsOf(root), 'utf8'), before);
  }
});

test('a secret too short to be masked, or empty, is refused without being shown', async (t) => {
  const secrets = await opened(await newProject(t), {INFRA_SECRET_A: 'xyz', INFRA_SECRET_B: ''});
  t.notRegex((await faultsOf(t, () => secrets.get('a')))[0]?.message ?? '', /xyz/);
  t.regex((await faultsOf(t, () => secrets.get('b')))[0]?.message ?? '', /INFRA_SECRET_B is empty/);
});

test('an impossible name is refused at the line that asks for it', async (t) => {
  const secrets = await opened(await newProject(t));
  const [fault] = await faultsOf(t, () => secrets.get('../etc'));
  t.regex(fault?.at?.file ?? '', /secrets\.test/);
});

test('the recipients of a project are public: no identity is needed to read them', async (t) => {
  const root = await newProject(t, {'mysql/app': 'from-file'});
  rmSync(join(root, '.infra'), {recursive: true});
  const listed = readFileSync(join(root, 'secrets/recipients.txt'), 'utf8').trim();
  t.deepEqual(await (await opened(root)).recipients(), [listed]);
  t.false(existsSync(join(root, '.infra/identity.txt')));
});

test('the first recipient of a fresh project is its own new identity, which is reported', async (t) => {
  const root = await newProject(t);
  const secrets = await opened(root);
  const [own = '', ...others] = await secrets.recipients();
  t.deepEqual(others, []);
  t.true(readFileSync(join(root, 'secrets/recipients.txt'), 'utf8').includes(own));
  t.regex(secrets.notices.join('\n'), /Back it up/);
  // A secret of the same run is encrypted for it.
  const clear = secrets.get('mysql/app').reveal();
  await secrets.save();
  const later = await opened(root);
  t.is(later.get('mysql/app').reveal(), clear);
  t.deepEqual(await later.recipients(), [own]);
});
