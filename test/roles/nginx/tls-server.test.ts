import test from 'ava';
import {parseInventory} from '../../../src/inventory/index.js';
import {groupsOf} from '../../../src/model/index.js';
import type {CertificateSource} from '../../../src/roles/certificates/index.js';
import {nginxSchema} from '../../../src/roles/nginx/options.js';
import {certifiedNames} from '../../../src/roles/nginx/tls-server.js';
import {Secret} from '../../../src/shell/index.js';

const WEB = 'web: {hosts: {web1: {address: 198.51.100.21, private_address: 192.0.2.21}}}';
const BALANCED = `lb: {hosts: {lb1: {address: 192.0.2.11}}}\n${WEB}`;

const key = new Secret('');
const AUTHORITY = {certificate: '', issue: async () => ({certificate: '', key})};

function namesIn(yaml: string, serverName: string | string[], tls: {certificate: CertificateSource; names?: string[]}) {
  const inventory = parseInventory(yaml, 'hosts.yml');
  const [host] = groupsOf(inventory)('web');
  const parsed = nginxSchema.safeParse({serverName, tls});
  if (host === undefined || !parsed.success || parsed.data.tls === undefined) throw new Error('the test is wrong');
  return certifiedNames({...parsed.data, tls: parsed.data.tls}, {host, inventory});
}

test('balancers verify the host’s name; the authority adds its addresses', (t) => {
  const names = ['web1', '192.0.2.21', '198.51.100.21'];
  t.deepEqual(namesIn(BALANCED, '_', {certificate: AUTHORITY}), names);
  t.deepEqual(namesIn(BALANCED, 'example.org', {certificate: AUTHORITY, names: ['intern']}), [...names, 'intern']);
});

test('the user’s own certificate needs no addresses', (t) => {
  t.deepEqual(namesIn(BALANCED, '_', {certificate: {certificate: '', key}}), ['web1']);
});

test('without balancers clients verify the site’s names, where it has any', (t) => {
  t.deepEqual(namesIn(WEB, ['example.org', 'www.example.org'], {certificate: AUTHORITY}), [
    'example.org',
    'www.example.org',
  ]);
  t.is(namesIn(WEB, '_', {certificate: AUTHORITY})[0], 'web1');
});
