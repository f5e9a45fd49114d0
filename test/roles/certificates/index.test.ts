import {generateKeyPairSync} from 'node:crypto';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {
  checkCovered,
  type OwnCertificateFiles,
  ownCertificate,
} from '../../../src/roles/certificates/own-certificate.js';
import {Secret} from '../../../src/shell/index.js';
import {daysAgo, newAuthority} from '../../support/authority.js';

const directory = mkdtempSync(join(tmpdir(), 'infra-own-'));

function keep(name: string, text: string, mode = 0o600): string {
  const file = join(directory, name);
  writeFileSync(file, text, {mode});
  return file;
}

const REQUEST = {names: ['www.example.org', '*.shop.example.org', '192.0.2.1'], usage: 'server'} as const;

test('a certificate and its key are read from files, or the key is a secret', async (t) => {
  const {certificate, key} = await (await newAuthority()).issue(REQUEST);
  const files = {certificate: keep('ok.pem', certificate), key: keep('ok.key', key.reveal())};
  t.is(ownCertificate(files).certificate, certificate);
  t.is(ownCertificate(files).key.reveal(), key.reveal());
  t.is(ownCertificate({...files, key}).key, key);
});

test('a certificate that no server can use is refused, with the next step', async (t) => {
  const authority = await newAuthority();
  const [leaf, other] = [await authority.issue(REQUEST), await authority.issue(REQUEST)];
  const old = await (await authority.at(daysAgo(100))).issue(REQUEST);
  const rsa = generateKeyPairSync('rsa', {modulusLength: 2048}).privateKey.export({type: 'pkcs8', format: 'pem'});
  const {certificate} = leaf;
  const wrong: readonly [OwnCertificateFiles, RegExp, RegExp][] = [
    [{certificate: keep('1', certificate), key: other.key}, /is not that of .*\/1$/, /was requested with/],
    [{certificate: keep('2', certificate), key: new Secret(String(rsa))}, /is not that of .*\/2$/, /requested/],
    [{certificate: keep('3', certificate), key: new Secret('none')}, /is not that of .*\/3$/, /requested/],
    [{certificate: keep('4', old.certificate), key: old.key}, /4 expired on 20\d\d-/, /Get a new one/],
    [{certificate: keep('5', authority.certificate + certificate), key: leaf.key}, /begins with .* authority/, /first/],
    [{certificate: keep('6', certificate + other.certificate), key: leaf.key}, /did not issue/, /first/],
    [{certificate: keep('7', 'no PEM'), key: leaf.key}, /has no certificate/, /BEGIN CERTIFICATE/],
    [{certificate: join(directory, 'none'), key: leaf.key}, /cannot be read: ENOENT/, /relative to the directory/],
    [
      {certificate: keep('8', certificate), key: keep('open', leaf.key.reveal(), 0o644)},
      /other users can read/,
      /chmod/,
    ],
  ];
  for (const [files, message, hint] of wrong) {
    const error = t.throws<InputError>(() => ownCertificate(files), {instanceOf: InputError, message});
    t.regex(error?.diagnostics[0]?.hint ?? '', hint);
  }
  t.notThrows(() => ownCertificate({certificate: keep('9', certificate + authority.certificate), key: leaf.key}));
});

test('a certificate must have all names that clients connect to', async (t) => {
  const own = await (await newAuthority()).issue(REQUEST);
  t.notThrows(() => checkCovered(own, ['WWW.example.org', 'a.shop.example.org', '192.0.2.1']));
  const message = /not valid for example\.org, 192\.0\.2\.2: it has DNS:www\.example\.org/;
  t.throws(() => checkCovered(own, ['www.example.org', 'example.org', '192.0.2.2']), {instanceOf: InputError, message});
});
