import {X509Certificate} from 'node:crypto';
import test from 'ava';
import type {Authority} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';
import {digestOf, type Found, plainKey, RECORD, RENEWED, renderFiles} from '../../../src/tasks/certificate/files.js';
import type {CertificateSpec} from '../../../src/tasks/certificate/spec.js';
import {desiredCertificate, keyOwnership, stateOf} from '../../../src/tasks/certificate/state.js';
import {newAuthority} from '../../support/authority.js';

const status = (mode: string, owner = 'root', group = 'root') =>
  ({kind: 'file', size: 9, mode, uid: '0', owner, gid: '0', group}) as const;

const DAY = 86_400_000;
const NAMES = ['Web1', 'FD00:0::1', '192.0.2.1', 'web1'];

/** A certificate of an authority for 90 days, and what a host has where it was put. */
async function issued(usage: 'server' | 'client' | 'both' = 'server') {
  const authority = await newAuthority();
  const leaf = await authority.issue({names: ['web1', 'fd00::1', '192.0.2.1'], usage});
  const {certificate} = renderFiles(leaf, true);
  const found: Found = {
    certificate: status('0644'),
    key: status('0600'),
    text: String(certificate),
    digest: digestOf(plainKey(leaf.key)),
  };
  const spec: CertificateSpec = {path: '/etc/a.crt', key: '/etc/a.key', from: authority, names: NAMES};
  const {validFrom, validTo} = new X509Certificate(leaf.certificate);
  return {authority, leaf, found, spec, from: new Date(validFrom), to: new Date(validTo)};
}

const at = (date: Date, days: number) => new Date(date.getTime() + days * DAY);

/** The attributes that are not as desired. */
function differing(spec: CertificateSpec, found: Found, now: Date): Record<string, unknown> {
  const present = stateOf(spec, found, now);
  const desired = Object.entries(desiredCertificate(spec, present));
  const old: Readonly<Record<string, unknown>> = {...present};
  return Object.fromEntries(
    desired
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]))
      .map(([name]) => [name, old[name]]),
  );
}

test('a certificate as it was issued is as desired until a third of its life is left', async (t) => {
  const {spec, found, from, to} = await issued();
  t.deepEqual(differing(spec, found, at(from, 0)), {});
  t.deepEqual(differing(spec, found, at(from, 59.9)), {});
  const day = to.toISOString().slice(0, 10);
  t.deepEqual(differing(spec, found, at(from, 60.1)), {expires: `${day} (less than a third left)`});
  t.deepEqual(differing(spec, found, at(to, 1)), {expires: `${day} (expired)`});
  t.is(desiredCertificate({...spec, days: 30}, stateOf(spec, found, at(to, 1))).expires, '30 days after it is issued');
});

test('names are compared as certificates mean them, in any order and each once', async (t) => {
  const {spec, found, from} = await issued();
  t.deepEqual(stateOf(spec, found, from)?.names, ['192.0.2.1', 'fd00::1', 'web1']);
  t.deepEqual(differing({...spec, names: ['web1', 'fd00::1', '192.0.2.1']}, found, from), {});
  t.deepEqual(Object.keys(differing({...spec, names: ['web1']}, found, from)), ['names']);
});

test('what a certificate is for is read from it', async (t) => {
  for (const usage of ['server', 'client', 'both'] as const) {
    const {spec, found, from} = await issued(usage);
    t.is(stateOf(spec, found, from)?.usage, usage);
    t.deepEqual(differing({...spec, usage}, found, from), {});
  }
});

test('a certificate of another authority is told apart from one of the same name', async (t) => {
  const {spec, found, from} = await issued();
  const issuerOf = (authority: Authority) => differing({...spec, from: authority}, found, from).issuer;
  t.is(issuerOf(await newAuthority()), 'another shop authority');
  t.is(issuerOf(await newAuthority('bakery authority')), 'shop authority');
});

test('a text that is not a certificate is replaced', async (t) => {
  const {spec, found, from} = await issued();
  for (const text of ['', 'x', found.text.slice(0, 300)])
    t.is(differing(spec, {...found, text}, from).issuer, 'no certificate');
});

test('the key must be the one that the certificate was put with', async (t) => {
  const {spec, found, from} = await issued();
  const keyOf = (change: Partial<Found>) => differing(spec, {...found, ...change}, from).key;
  t.is(keyOf({}), undefined);
  t.is(keyOf({digest: digestOf('other')}), 'another one');
  t.is(keyOf({text: found.text.replace(RECORD, '# ')}), 'another one', 'nothing says which key it was');
  t.is(keyOf({digest: ''}), 'missing');
  t.is(keyOf({key: null}), 'missing');
});

test('where neither file exists there is no certificate, where one does it is read', async (t) => {
  const {spec, found, from} = await issued();
  t.is(stateOf(spec, {...found, certificate: null, key: null, text: '', digest: ''}, from), null);
  t.is(stateOf(spec, {...found, certificate: null, text: ''}, from)?.issuer, 'no certificate');
});

test('the rights of both files are compared, those of the key with what was set', async (t) => {
  const {spec, found, from} = await issued();
  const loose = {...found, certificate: status('0600', 'app'), key: status('0640', 'root', 'app')};
  t.deepEqual(differing(spec, loose, from), {mode: '0640', group: 'app', 'certificate file': '0600 app'});
  t.deepEqual(differing({...spec, mode: '640', group: 'app'}, {...found, key: loose.key}, from), {});
  const {key: _, ...one} = spec;
  t.deepEqual(differing(one, {...found, certificate: status('0600')}, from), {}, 'one file has no rights but its own');
});

test('without options the key is root’s alone', (t) => {
  t.deepEqual(keyOwnership({}), {mode: '0600', owner: 'root', group: 'root'});
  t.deepEqual(keyOwnership({mode: '0640', group: 'app'}), {mode: '0640', owner: 'root', group: 'app'});
});

test('a certificate of one’s own is known by name, end and digest of its whole chain', async (t) => {
  const {authority, leaf, found, from, to} = await issued();
  const chain = `${leaf.certificate}${authority.certificate}`;
  const own = {certificate: chain, key: leaf.key};
  const spec: CertificateSpec = {path: '/etc/a.crt', key: '/etc/a.key', from: own, names: ['web1']};
  const {certificate} = renderFiles({...leaf, certificate: chain}, true);
  const there = {...found, text: String(certificate)};
  t.deepEqual(differing(spec, there, from), {});
  t.deepEqual(
    differing(spec, {...there, text: there.text.replaceAll('\n', '\r\n').replace('\r\n', '\n')}, from),
    {},
    'line breaks do not matter',
  );
  const text = String(desiredCertificate(spec, null).certificate);
  t.regex(text, new RegExp(`^web1, until ${to.toISOString().slice(0, 10)} \\(2 in file, sha256 [0-9a-f]{16}\\)$`));
  t.regex(String(differing(spec, found, from).certificate), /\(1 in file/, 'the chain is missing');
  t.is(
    differing({...spec, from: {...own, key: (await authority.issue({names: ['x'], usage: 'server'})).key}}, there, from)
      .key,
    'another one',
  );
});

test('a placeholder is put only where there is none that is renewed', async (t) => {
  const {spec, found, leaf, from} = await issued();
  const placeholder = {...spec, placeholder: true};
  const renewed = {...found, text: String(renderFiles(leaf, true, true).certificate)};
  t.true(renewed.text.includes(`\n${RENEWED}\n`));
  t.deepEqual(differing(placeholder, renewed, at(from, 400)), {}, 'it may have expired');
  t.deepEqual(differing(placeholder, found, from), {certificate: 'one without renewal'});
  t.is(differing(placeholder, {...renewed, text: RENEWED}, from).certificate, 'no certificate');
  t.deepEqual(
    differing(spec, renewed, from),
    {issuer: 'a program on the host'},
    'without placeholder it is ours again',
  );
});

test('what a file of both holds is secret, a certificate alone is not', async (t) => {
  const {leaf} = await issued();
  const both = renderFiles(leaf, false);
  t.true(both.certificate instanceof Secret && both.key === undefined);
  const text = both.certificate instanceof Secret ? both.certificate.reveal() : '';
  t.true(text.startsWith(`${RECORD}${digestOf(plainKey(leaf.key))}\n-----BEGIN CERTIFICATE-----`));
  t.true(text.endsWith('-----END PRIVATE KEY-----\n'));
});
