import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import type {Parsed} from '../../src/wizard/answers.js';
import {certificateFaults, checkCertificate, checkKey} from '../../src/wizard/check-certificate.js';
import {compileChoices} from '../../src/wizard/compile-choices.js';
import {newAuthority} from '../support/authority.js';

const reason = (parsed: Parsed<string>) =>
  'fault' in parsed ? parsed.fault.message.replaceAll(/"[^"]*\//g, '"') : 'fine';

test('a certificate and its key are checked before anything is written', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-certificate-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const authority = await newAuthority();
  const leaf = await authority.issue({names: ['shop.example.org'], usage: 'server'});
  const other = await authority.issue({names: ['shop.example.org'], usage: 'server'});
  const good = file('good.pem', leaf.certificate);
  const key = file('key.pem', leaf.key.reveal());
  t.is(reason(checkCertificate(good, 'shop.example.org')), 'fine');
  t.is(reason(checkKey(key, good)), 'fine');
  t.regex(
    reason(checkCertificate(good, 'www.example.org')),
    /is not for www\.example\.org, but for shop\.example\.org/,
  );
  t.regex(reason(checkCertificate(good, undefined, new Date(Date.now() + 4e11))), /expired on/);
  t.regex(
    reason(checkCertificate(file('ca.pem', authority.certificate), undefined)),
    /begins with the certificate of an authority/,
  );
  t.regex(reason(checkCertificate(key, undefined)), /does not have a certificate/);
  t.regex(reason(checkCertificate(join(directory, 'none.pem'), undefined)), /cannot be read/);
  t.regex(reason(checkKey(file('other.pem', other.key.reveal()), good)), /is not that of the certificate/);
  t.regex(reason(checkKey(good, good)), /does not have a private key/);
  const files = {tls: 'files', certificate: good, key} as const;
  t.deepEqual(certificateFaults(compileChoices({...files, domain: 'shop.example.org'}, [])), []);
  t.is(certificateFaults(compileChoices({...files, domain: 'www.example.org'}, [])).length, 1);
});
