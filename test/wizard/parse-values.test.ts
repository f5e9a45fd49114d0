import test from 'ava';
import type {Parsed} from '../../src/wizard/answers.js';
import * as values from '../../src/wizard/parse-values.js';

const read = <T>(parsed: Parsed<T>) => ('fault' in parsed ? parsed.fault.message : parsed.value);

test('a domain is a name with a dot, without the other parts of a URL', (t) => {
  t.is(read(values.parseDomain('WWW.Example.org.')), 'www.example.org');
  for (const text of [
    'localhost',
    'https://example.org/',
    '192.0.2.1',
    'a..b',
    '1.2.3',
    '-a.example.org',
    'bücher.example',
    '',
  ])
    t.true('fault' in values.parseDomain(text), text);
});

test('those who may connect are addresses and networks, or anyone', (t) => {
  t.deepEqual(read(values.parseSources('192.0.2.0/24, 2001:db8::/32 192.0.2.7')), [
    '192.0.2.0/24',
    '2001:db8::/32',
    '192.0.2.7',
  ]);
  for (const text of ['', 'anywhere', 'Any']) t.deepEqual(read(values.parseSources(text)), []);
  for (const text of ['192.0.2.0/33', 'home', 'fe80::1%eth0', '192.0.2.0/24/1', '192.0.2.1 anywhere'])
    t.true('fault' in values.parseSources(text), text);
});

test('content is a page, the port of a program, or a directory inside of the project', (t) => {
  t.deepEqual(read(values.parseContent('page')), {kind: 'page'});
  t.deepEqual(read(values.parseContent(':8080')), {kind: 'application', port: 8080});
  t.deepEqual(read(values.parseContent('./public/')), {kind: 'directory', directory: 'public'});
  for (const text of ['3306', 'secrets', '/srv/www', '../site', '~/site', '.', '70000'])
    t.true('fault' in values.parseContent(text), text);
});

test('a fingerprint is also found in a whole line of ssh-keygen', (t) => {
  const print = `SHA256:${'a'.repeat(43)}`;
  t.is(read(values.parseFingerprint(`256 ${print} root@lb1 (ED25519)`)), print);
  t.true('fault' in values.parseFingerprint('SHA256:abc'));
  t.true('fault' in values.parseFingerprint('MD5:00:11'));
});

test('other values are refused with the reason', (t) => {
  t.true('fault' in values.parseUser('a b'));
  t.is(read(values.parseUser('Jane.Doe')), 'Jane.Doe', 'a directory has such names too');
  t.true('fault' in values.parseEmail('nobody'));
  t.true('fault' in values.parseEmail('nobody@localhost'));
  t.is(read(values.parseEmail('ops@example.org')), 'ops@example.org');
  t.true('fault' in values.parseVirtualAddress('192.0.2.0/24'));
  t.deepEqual(read(values.parseVirtualAddress('192.0.2.9 2001:db8::9')), ['192.0.2.9', '2001:db8::9']);
  t.true('fault' in values.parseVirtualAddress('2001:DB8:0::9', ['2001:db8::9']));
  t.is(read(values.parseIdentityFile('agent')), '');
  t.regex(String(read(values.parseIdentityFile('~/.ssh/id_ed25519.pub'))), /public key/);
  t.regex(String(read(values.parseIdentityFile('/nowhere/id'))), /there is no file/);
});
