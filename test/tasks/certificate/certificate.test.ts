import {spawnSync} from 'node:child_process';
import {createPrivateKey, X509Certificate} from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Authority, type Task, UnreadableReply, type Verdict} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';
import {renderFiles} from '../../../src/tasks/certificate/files.js';
import {type CertificateSpec, certificate} from '../../../src/tasks/index.js';
import {daysAgo, newAuthority} from '../../support/authority.js';
import {planLocally, runLocally} from '../local-shell.js';

const ROOT = mkdtempSync(join(tmpdir(), "infra it's "));
const asRoot = process.getuid?.() === 0 ? test : test.skip;
test.after.always(() => rmSync(ROOT, {recursive: true, force: true}));

let made = 0;

/** A certificate in two files of a directory that is not there yet. */
function place() {
  const directory = join(ROOT, `tls ${made++}`);
  return {directory, path: join(directory, 'site.crt'), key: join(directory, 'site.key')};
}

const NAMES = ['web1', '198.18.0.86', 'FD00::1'];

const ask = (
  from: CertificateSpec['from'],
  {path, key}: {path: string; key?: string},
  more: Partial<CertificateSpec> = {},
) => certificate({path, ...(key && {key}), names: NAMES, from, ...more});

/** Makes the change that is planned. */
async function apply(t: ExecutionContext, task: Task): Promise<Verdict> {
  const before = planLocally(task);
  if (before.type !== 'change') return before;
  for (const command of await (before.late?.() ?? before.commands)) {
    const reply = runLocally(command);
    t.is(reply.code, 0, reply.stderr);
  }
  return before;
}

/** It is fixed by what is planned, and that is no more than these attributes. */
async function fixes(t: ExecutionContext, task: Task, attributes: Readonly<Record<string, readonly unknown[]>>) {
  const verdict = await apply(t, task);
  if (verdict.type !== 'change') return t.fail(verdict.type);
  t.deepEqual(Object.fromEntries(verdict.diff.map(({name, before, after}) => [name, [before, after]])), attributes);
  t.is(planLocally(task).type, 'unchanged');
}

function belongs(t: ExecutionContext, path: string, key = path): X509Certificate {
  const leaf = new X509Certificate(readFileSync(path));
  t.true(leaf.checkPrivateKey(createPrivateKey(/-----BEGIN PRIV.*$/s.exec(readFileSync(key, 'utf8'))?.[0] ?? '')));
  return leaf;
}

const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

asRoot('a certificate is issued with its key, is as desired afterwards, and leaves nothing next to it', async (t) => {
  const [authority, where] = [await newAuthority(), place()];
  const task = ask(authority, where);
  const verdict = await apply(t, task);
  t.is(verdict.type === 'change' && verdict.action, 'create');
  t.is(planLocally(task).type, 'unchanged');
  t.deepEqual(readdirSync(where.directory), ['site.crt', 'site.key']);
  t.deepEqual([mode(where.directory), mode(where.path), mode(where.key)], ['755', '644', '600']);
  const leaf = belongs(t, where.path, where.key);
  t.truthy(leaf.checkHost('web1') && leaf.checkIP('fd00::1'));
  writeFileSync(join(where.directory, 'ca.pem'), authority.certificate);
  const strict = [
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    '-CAfile',
    join(where.directory, 'ca.pem'),
    where.path,
  ];
  const {status, stderr} = spawnSync('openssl', strict);
  t.is(status, 0, String(stderr));
});

asRoot('without a path for the key, one file that only its owner may read holds both', async (t) => {
  const {directory, path} = place();
  const task = ask(await newAuthority(), {path});
  await apply(t, task);
  t.is(planLocally(task).type, 'unchanged');
  t.deepEqual([readdirSync(directory), mode(path)], [['site.crt'], '600']);
  belongs(t, path);
});

asRoot('in the last third of its life it is renewed, and the plan says when it ends', async (t) => {
  const [authority, where] = [await newAuthority(), place()];
  await apply(t, ask(await authority.at(daysAgo(59)), where));
  t.is(planLocally(ask(authority, where)).type, 'unchanged');
  await apply(t, ask(await authority.at(daysAgo(61)), where, {names: ['web2']}));
  const end = new Date(new X509Certificate(readFileSync(where.path)).validTo).toISOString().slice(0, 10);
  const renewal = {expires: [`${end} (less than a third left)`, '90 days after it is issued']};
  await fixes(t, ask(authority, where, {names: ['web2']}), renewal);
  await apply(t, ask(await authority.at(daysAgo(200)), where));
  const verdict = planLocally(ask(authority, where));
  t.regex(verdict.type === 'change' ? String(verdict.diff[0]?.before) : '', /\(expired\)$/);
});

asRoot('other names, another purpose and another authority call for a new certificate', async (t) => {
  const [authority, other, where] = [await newAuthority(), await newAuthority(), place()];
  await apply(t, ask(authority, where));
  await fixes(t, ask(authority, where, {names: ['web1', 'web2']}), {
    names: [
      ['198.18.0.86', 'fd00::1', 'web1'],
      ['web1', 'web2'],
    ],
  });
  await fixes(t, ask(authority, where, {names: ['WEB2', 'web1'], usage: 'both'}), {usage: ['server', 'both']});
  await fixes(t, ask(other, where, {names: ['web1', 'web2'], usage: 'both'}), {
    issuer: ['another shop authority', 'shop authority'],
  });
});

asRoot('mode and owner are put right without a new certificate', async (t) => {
  const [task, where] = [(from: Authority, at: ReturnType<typeof place>) => ask(from, at), place()];
  const authority = await newAuthority();
  await apply(t, task(authority, where));
  const before = readFileSync(where.path);
  chmodSync(where.key, 0o644);
  chownSync(where.key, 1, 0);
  chmodSync(where.path, 0o666);
  await fixes(t, task(authority, where), {
    mode: ['0644', '0600'],
    owner: ['daemon', 'root'],
    'certificate file': ['0666 root', '0644 root'],
  });
  t.deepEqual(readFileSync(where.path), before);
});

const BREAKING: readonly [title: string, breaking: (where: ReturnType<typeof place>) => void, key: string][] = [
  ['swapped', ({path, key}) => copyFileSync(path.replace('site.crt', 'other.key'), key), 'another one'],
  ['cut short', ({key}) => truncateSync(key, 120), 'another one'],
  ['gone', ({key}) => rmSync(key), 'missing'],
  ['empty', ({key}) => truncateSync(key), 'another one'],
];

for (const [title, breaking, found] of BREAKING) {
  asRoot(`a key that is ${title} is found, and a new certificate comes with a new key`, async (t) => {
    const [authority, where] = [await newAuthority(), place()];
    await apply(t, ask(authority, {path: join(where.directory, 'other.crt'), key: join(where.directory, 'other.key')}));
    await apply(t, ask(authority, where));
    const before = readFileSync(where.key, 'utf8');
    breaking(where);
    const verdict = await apply(t, ask(authority, where));
    t.deepEqual(verdict.type === 'change' && verdict.diff.find(({name}) => name === 'key')?.before, found);
    t.is(planLocally(ask(authority, where)).type, 'unchanged');
    belongs(t, where.path, where.key);
    t.not(readFileSync(where.key, 'utf8'), before);
  });
}

asRoot('a certificate that is cut short, and a link in place of one, are replaced', async (t) => {
  const [authority, where] = [await newAuthority(), place()];
  await apply(t, ask(authority, where));
  truncateSync(where.path, 300);
  const verdict = await apply(t, ask(authority, where));
  t.is(verdict.type === 'change' && verdict.diff[0]?.before, 'no certificate');
  copyFileSync(where.path, `${where.path}.real`);
  rmSync(where.path);
  symlinkSync(`${where.path}.real`, where.path);
  await apply(t, ask(authority, where));
  t.is(planLocally(ask(authority, where)).type, 'unchanged');
  belongs(t, where.path, where.key);
});

asRoot('when the certificate cannot take its place, the old key is put back', async (t) => {
  const [authority, where] = [await newAuthority(), place()];
  await apply(t, ask(authority, where));
  const before = readFileSync(where.key, 'utf8');
  const verdict = planLocally(ask(authority, where, {names: ['web2']}));
  if (verdict.type !== 'change') return t.fail();
  rmSync(where.path);
  mkdirSync(where.path);
  const [directories, write] = (await verdict.late?.()) ?? [];
  t.is(directories && runLocally(directories).code, 0);
  t.not(write && runLocally(write).code, 0);
  t.is(readFileSync(where.key, 'utf8'), before);
  t.deepEqual(readdirSync(where.directory), ['site.crt', 'site.key']);
  t.throws(() => planLocally(ask(authority, where)), {instanceOf: UnreadableReply, message: /is a directory/});
});

asRoot("the key is in no command's shown text and in no answer", async (t) => {
  const [authority, {path}] = [await newAuthority(), place()];
  const task = ask(authority, {path});
  const verdict = planLocally(task);
  const commands = verdict.type === 'change' ? ((await verdict.late?.()) ?? []) : [];
  for (const command of commands) runLocally(command);
  const body = /PRIVATE KEY-----\n(.{40})/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  t.is(body.length, 40);
  t.false(commands.join('\n').includes(body));
  t.false(commands.join('\n').includes('PRIVATE'));
  t.false(runLocally(task.open({templateDirectories: []}).probe).stdout.includes(body));
});

asRoot("one's own certificate is put there as it is, and recognized by its chain and key", async (t) => {
  const [authority, where] = [await newAuthority(), place()];
  const [own, next] = [
    await authority.issue({names: NAMES, usage: 'server'}),
    await authority.issue({names: NAMES, usage: 'server'}),
  ];
  await apply(t, ask(own, where));
  t.is(planLocally(ask(own, where)).type, 'unchanged');
  t.true(readFileSync(where.path, 'utf8').endsWith(own.certificate));
  const verdict = await apply(t, ask(next, where));
  t.deepEqual(verdict.type === 'change' && verdict.diff.map(({name}) => name), ['certificate', 'key']);
  const chained = {...next, certificate: next.certificate + authority.certificate};
  const longer = await apply(t, ask(chained, where));
  t.regex(
    longer.type === 'change' ? String(longer.diff[0]?.after) : '',
    /^web1, until 20\d\d-\d\d-\d\d \(2 in file, sha256 [0-9a-f]{16}\)$/,
  );
  writeFileSync(where.key, own.key.reveal());
  await fixes(t, ask(chained, where), {key: ['another one', 'belongs to the certificate']});
});

asRoot('a placeholder is put where there is none, and whatever takes its place stays', async (t) => {
  const [authority, other, {path}] = [await newAuthority(), await newAuthority('public authority'), place()];
  const task = ask(authority, {path}, {placeholder: true});
  await apply(t, task);
  t.is(planLocally(task).type, 'unchanged');
  const leaf = await (await other.at(daysAgo(80))).issue({names: ['elsewhere'], usage: 'server'});
  const renewed = renderFiles(leaf, false, true).certificate;
  writeFileSync(path, renewed instanceof Secret ? renewed.reveal() : renewed);
  t.is(planLocally(task).type, 'unchanged');
  chmodSync(path, 0o644);
  await fixes(t, task, {mode: ['0644', '0600']});
  truncateSync(path, 300);
  await fixes(t, task, {
    certificate: ['no certificate', 'any'],
    key: ['another one', 'belongs to the certificate'],
  });
  await fixes(t, ask(authority, {path}), {issuer: ['a program on the host', 'shop authority']});
  await fixes(t, task, {certificate: ['one without renewal', 'any']});
});

test('what cannot be is refused', (t) => {
  const own = {certificate: '', key: new Secret('')};
  const wrong: readonly [Partial<CertificateSpec>, RegExp][] = [
    [{names: []}, /list in names/],
    [{names: ['a b']}, /"a b" is neither a host name/],
    [{names: ['-x']}, /"-x" is neither a host name/],
    [{key: '/etc/x.pem'}, /leave key out/],
    [{mode: '0644'}, /lets other users read the private key/],
    [{path: 'x.pem'}, /must be absolute/],
    [{days: 0}, /"days" must be a whole number from 1 on, not 0/],
  ];
  for (const [spec, message] of wrong) {
    t.throws(() => certificate({path: '/etc/x.pem', names: ['x'], from: own, ...spec}), {message});
  }
});
