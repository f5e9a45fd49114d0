import {createHash, createPrivateKey, createPublicKey} from 'node:crypto';
import test from 'ava';
import {InputError, type Role, type RoleContext, SpecError} from '../../../src/model/index.js';
import {accountKey} from '../../../src/roles/certificates/acme.js';
import {acmeItems} from '../../../src/roles/certificates/acme-items.js';
import {acme} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {reload} from '../../../src/tasks/index.js';
import {newAuthority} from '../../support/authority.js';
import {compile, written} from '../compile.js';

const SITE = 'lb: {hosts: {lb1: {address: 192.0.2.11}, lb2: {address: 192.0.2.12}}}';

async function source(more = {}) {
  return acme({email: 'ops@example.org', account: new Secret('some secret'), until: await newAuthority(), ...more});
}

test('the same secret gives the same account, a different secret a different one', (t) => {
  const [one, again, other] = ['a', 'a', 'b'].map((text) => accountKey(new Secret(text)));
  t.deepEqual([one?.thumbprint, one?.key.reveal()], [again?.thumbprint, again?.key.reveal()]);
  t.not(one?.thumbprint, other?.thumbprint);
});

test('the key of the account is one that lego reads, and the thumbprint is its own', (t) => {
  for (let seed = 0; seed < 50; seed += 1) {
    const {key, thumbprint} = accountKey(new Secret(`secret ${seed}`));
    t.regex(key.reveal(), /^-----BEGIN EC PRIVATE KEY-----\n/);
    const {crv, kty, x, y} = createPublicKey(createPrivateKey(key.reveal())).export({format: 'jwk'});
    t.is(createHash('sha256').update(JSON.stringify({crv, kty, x, y})).digest('base64url'), thumbprint);
  }
});

test('a host gets all that it needs to renew by itself, and a placeholder, each once', async (t) => {
  const certificate = await source();
  const role = (name: string): Role => ({
    name: 'test',
    at: undefined,
    compile: ({host, facts}) =>
      acmeItems(
        certificate,
        {names: ['www.example.org', 'example.org'], path: '/c/port-443.pem', notify: reload('haproxy')},
        {host: {...host, name}, facts},
      ),
  });
  const tasks = compile(role('lb1'), SITE);
  t.deepEqual(
    [...tasks.keys()],
    [
      'apt lego openssl socat ca-certificates',
      'directory /etc/acme/port-443',
      'file /etc/acme/port-443/account.key',
      'template /etc/acme/port-443/request',
      'template /etc/acme/port-443/deploy',
      'template /etc/systemd/system/acme-port-443.service',
      'template /etc/systemd/system/acme-port-443.timer',
      'certificate /c/port-443.pem',
      'service acme-port-443.timer',
    ],
  );
  const request = written(tasks.get('template /etc/acme/port-443/request')).text;
  t.true(request.includes('--server https://acme-v02.api.letsencrypt.org/directory --email ops@example.org'), request);
  t.true(request.includes('--domains www.example.org --domains example.org run\n'), request);
  t.notRegex(request, /LEGO_CA_CERTIFICATES/);
  t.regex(written(tasks.get('template /etc/acme/port-443/deploy')).text, /systemctl try-reload-or-restart haproxy/);
  const timer = 'template /etc/systemd/system/acme-port-443.timer';
  const minutes = ['lb1', 'lb2'].map(
    (host) => /OnCalendar=\*:(\d+)\n/.exec(written(compile(role(host), SITE).get(timer)).text)?.[1],
  );
  t.not(minutes[0], minutes[1]);
});

test('names that an authority cannot check over HTTP, and wrong addresses, are refused', async (t) => {
  const certificate = await source();
  for (const name of ['*.example.org', '192.0.2.1', 'localhost', "a'b.org"]) {
    const request = {names: ['example.org', name], path: '/c/port-443.pem'};
    const compileRequest = (context: RoleContext) => acmeItems(certificate, request, context);
    t.throws(() => compile({name: 'test', at: undefined, compile: compileRequest}, SITE), {
      instanceOf: InputError,
      message: new RegExp(`an ACME authority cannot check "${name.replace('*', '\\*')}"`),
    });
  }
  await t.throwsAsync(source({email: 'nobody'}), {instanceOf: SpecError, message: /not a mail address/});
  await t.throwsAsync(source({directory: 'http://example.org'}), {instanceOf: SpecError, message: /not the https URL/});
});
