import {X509Certificate} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {AUTHORITY_KEY, type KeyStore, openAuthority} from '../../src/authority/index.js';
import {InputError} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';

/** A project directory, keys in memory, and what people were told. */
function project() {
  const directory = mkdtempSync(join(tmpdir(), 'infra-authority-'));
  const kept = new Map<string, Secret>();
  const told: string[] = [];
  let reads = 0;
  const keys: KeyStore = {
    keep: async (name, make) => {
      reads += 1;
      const secret = kept.get(name) ?? new Secret(await make());
      kept.set(name, secret);
      return secret;
    },
  };
  const open = (now?: Date) => {
    const clock = now && {now: () => now};
    return openAuthority({directory, name: 'shop authority', keys, notice: (text) => told.push(text), ...clock});
  };
  return {file: join(directory, 'authority.crt'), kept, told, open, reads: () => reads};
}

const REQUEST = {names: ['web1', '198.18.0.86', 'fd00::1'], usage: 'server'} as const;

test('an authority is made once, reported once, and is public except for its key', async (t) => {
  const {file, told, open, reads} = project();
  const {certificate} = await open();
  t.is((await open()).certificate, certificate);
  t.is(readFileSync(file, 'utf8'), certificate);
  t.regex(certificate, /^-----BEGIN CERTIFICATE-----\n[^-]*-----END CERTIFICATE-----\n$/);
  t.deepEqual(told, [
    `Made the certification authority "shop authority". Commit its certificate ${file}, which is public.`,
  ]);
  t.is(reads(), 1, 'the key is not read when only the certificate is');
});

test('what it issues names the hosts, is for its purpose alone, and ends after 90 days', async (t) => {
  const authority = await project().open();
  const root = new X509Certificate(authority.certificate);
  const {certificate, key} = await authority.issue(REQUEST);
  const leaf = new X509Certificate(certificate);
  t.true(leaf.verify(root.publicKey) && leaf.checkIssued(root) && !leaf.ca);
  t.is(leaf.checkHost('web1'), 'web1');
  t.truthy(leaf.checkIP('198.18.0.86') && leaf.checkIP('fd00::1'));
  t.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  t.is(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom), 90 * 86_400_000);
  t.regex(key.reveal(), /^-----BEGIN PRIVATE KEY-----/);
});

test('each certificate has a key and a serial number of its own', async (t) => {
  const authority = await project().open();
  const [one, two] = await Promise.all([authority.issue(REQUEST), authority.issue(REQUEST)]);
  t.not(one.key.reveal(), two.key.reveal());
  t.not(new X509Certificate(one.certificate).serialNumber, new X509Certificate(two.certificate).serialNumber);
});

test('nothing that it issues outlives it', async (t) => {
  const {open} = project();
  const root = new X509Certificate((await open(new Date('2026-01-01'))).certificate);
  const late = await open(new Date('2035-12-15'));
  const leaf = new X509Certificate((await late.issue(REQUEST)).certificate);
  t.is(leaf.validTo, root.validTo);
});

test('in its last year its end is reported', async (t) => {
  const {file, told, open} = project();
  await open(new Date('2026-01-01'));
  await open(new Date('2034-12-01'));
  t.is(told.length, 1);
  await open(new Date('2035-12-02'));
  t.regex(told[1] ?? '', /authority\.crt expires on 2035-12-31, in 29 days\. Remove it: the next run makes a new one/);
  rmSync(file);
  const old = await open(new Date('2035-12-02'));
  t.is(told.length, 3);
  t.true(Date.parse(new X509Certificate(old.certificate).validTo) > Date.parse('2045-01-01'));
});

test('what an authority issued is valid after it is renewed', async (t) => {
  const {file, open} = project();
  const {certificate} = await (await open()).issue(REQUEST);
  rmSync(file);
  const renewed = new X509Certificate((await open()).certificate);
  const leaf = new X509Certificate(certificate);
  t.true(leaf.verify(renewed.publicKey) && leaf.checkIssued(renewed));
});

test('an authority that has expired is refused, with the next step', async (t) => {
  const {open} = project();
  await open(new Date('2016-01-01'));
  const {diagnostics} = await t.throwsAsync<InputError>(open(), {instanceOf: InputError});
  t.regex(
    diagnostics[0]?.message ?? '',
    /authority\.crt expired on 2025-12-3\d: the certificates that it issued are no longer valid/,
  );
  t.regex(diagnostics[0]?.hint ?? '', /Remove it: the next run makes a new one for the same key/);
});

test('a key that is not that of the certificate issues nothing', async (t) => {
  const {kept, open} = project();
  await open();
  const other = project();
  await other.open();
  kept.set(AUTHORITY_KEY, other.kept.get(AUTHORITY_KEY) ?? new Secret(''));
  const authority = await open();
  await t.throwsAsync(authority.issue(REQUEST), {message: /is not that of .*authority\.crt/});
  kept.clear();
  await t.throwsAsync(authority.issue(REQUEST), {
    message: /the private key of .*authority\.crt is not among the secrets/,
  });
});

test('a file that is not the certificate of an authority is refused', async (t) => {
  const {file, open} = project();
  const {certificate} = await (await open()).issue(REQUEST);
  writeFileSync(file, certificate);
  await t.throwsAsync(open(), {message: /authority\.crt is not the certificate of an authority/});
  writeFileSync(file, 'nothing\n');
  await t.throwsAsync(open(), {message: /authority\.crt cannot be read as a certificate/});
});
