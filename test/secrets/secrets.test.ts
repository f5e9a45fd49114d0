import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {inspect} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {InputError} from '../../src/model/index.js';
import {openSecrets} from '../../src/secrets/index.js';

function project(t: ExecutionContext, passwords?: string): string {
  const root = mkdtempSync(join(tmpdir(), 'infra-secrets-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  if (passwords !== undefined) {
    mkdirSync(join(root, 'secrets'), {mode: 0o700});
    writeFileSync(join(root, 'secrets/passwords.yml'), passwords, {mode: 0o600});
  }
  return root;
}

const faults = (t: ExecutionContext, act: () => unknown) => t.throws(act, {instanceOf: InputError})?.diagnostics ?? [];

test('the environment comes first and is not written down', (t) => {
  const root = project(t, 'mysql/app: from-file\n');
  const secrets = openSecrets({root, env: {INFRA_SECRET_MYSQL_APP: 'from-environment'}});
  t.is(secrets.get('mysql/app').reveal(), 'from-environment');
  t.is(readFileSync(secrets.file, 'utf8'), 'mysql/app: from-file\n');
  t.deepEqual(secrets.generated, []);
});

test('a missing secret is generated once, told, and kept for its owner alone', (t) => {
  const root = project(t);
  const first = openSecrets({root, env: {}});
  const clear = first.get('mysql/app').reveal();
  t.regex(clear, /^[A-Za-z0-9]{32}$/);
  t.is(first.get('mysql/app'), first.get('mysql/app'));
  t.deepEqual(first.generated, ['mysql/app']);
  t.is(statSync(first.file).mode & 0o777, 0o600);
  t.is(statSync(join(root, 'secrets')).mode & 0o777, 0o700);
  t.deepEqual(readdirSync(join(root, 'secrets')), ['passwords.yml']);
  const second = openSecrets({root, env: {}});
  t.is(second.get('mysql/app').reveal(), clear);
  t.deepEqual(second.generated, []);
});

test('what the file holds besides stays as it was', (t) => {
  const secrets = openSecrets({root: project(t, '# ours\nold: "a b c d" # keep\n'), env: {}});
  const clear = secrets.get('new').reveal();
  t.is(readFileSync(secrets.file, 'utf8'), `# ours\nold: "a b c d" # keep\nnew: "${clear}"\n`);
});

test('generated secrets differ', (t) => {
  const secrets = openSecrets({root: project(t), env: {}});
  t.not(secrets.get('one').reveal(), secrets.get('two').reveal());
});

test('a file that others may read is refused with the command that mends it', (t) => {
  const root = project(t, 'one: password\n');
  const secrets = openSecrets({root, env: {}});
  chmodSync(secrets.file, 0o640);
  const [fault] = faults(t, () => secrets.get('one'));
  t.is(fault?.hint, `run: chmod 600 ${secrets.file}`);
});

test('a damaged file is named with its line, never shown and never overwritten', (t) => {
  const text = 'one: hunter2hunter2\n\ttwo: *hunter3hunter3\nthree: [hunter4\n';
  const secrets = openSecrets({root: project(t, text), env: {}});
  const diagnostics = faults(t, () => secrets.get('new'));
  t.is(diagnostics[0]?.at?.line, 2);
  t.notRegex(inspect(diagnostics), /hunter/);
  t.is(readFileSync(secrets.file, 'utf8'), text);
});

test('a password that YAML reads as a number or a mapping is refused', (t) => {
  const secrets = openSecrets({root: project(t, 'one: 123456\ntwo: {three: four}\n'), env: {}});
  t.deepEqual(
    faults(t, () => secrets.get('one')).map(({at, message}) => `${at?.line} ${message}`),
    ['1 this is no name with a text', '2 this is no name with a text'],
  );
});

test('nothing is generated where Git would take it', (t) => {
  const root = project(t);
  execFileSync('git', ['init', '--quiet', root]);
  const secrets = openSecrets({root, env: {}});
  t.regex(faults(t, () => secrets.get('one'))[0]?.hint ?? '', /\.gitignore/);
  t.deepEqual(readdirSync(join(root, 'secrets')), []);
  writeFileSync(join(root, '.gitignore'), 'secrets/\n');
  t.is(secrets.get('one').reveal().length, 32);
});

test('a secret too short to be masked, or empty, is refused without being shown', (t) => {
  const secrets = openSecrets({root: project(t), env: {INFRA_SECRET_A: 'xyz', INFRA_SECRET_B: ''}});
  t.notRegex(faults(t, () => secrets.get('a'))[0]?.message ?? '', /xyz/);
  t.regex(faults(t, () => secrets.get('b'))[0]?.message ?? '', /INFRA_SECRET_B is empty/);
});

test('a name that cannot be one is refused at the line that asks for it', (t) => {
  const secrets = openSecrets({root: project(t), env: {}});
  const [fault] = faults(t, () => secrets.get('../etc'));
  t.regex(fault?.at?.file ?? '', /secrets\.test/);
});

test('what was handed out is masked, the longer first, in every form it takes', (t) => {
  const env = {INFRA_SECRET_A: 'abcd', INFRA_SECRET_B: 'abcd.efgh', INFRA_SECRET_C: `it's "q" $&\\`};
  const secrets = openSecrets({root: project(t), env});
  t.is(secrets.mask('abcd'), 'abcd');
  for (const name of ['a', 'b', 'c']) secrets.get(name);
  t.is(secrets.mask('abcd.efgh abcd abcdxefgh'), '(sensitive) (sensitive) (sensitive)xefgh');
  const forms = [
    env.INFRA_SECRET_C,
    JSON.stringify(env.INFRA_SECRET_C),
    encodeURIComponent(env.INFRA_SECRET_C),
    btoa('abcd.efgh'),
  ];
  t.is(secrets.mask(forms.join(' ')), '(sensitive) "(sensitive)" (sensitive) (sensitive)');
});
