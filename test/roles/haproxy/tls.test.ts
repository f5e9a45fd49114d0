import test from 'ava';
import {type Authority, InputError} from '../../../src/model/index.js';
import {acme, haproxy} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, declared, written} from '../compile.js';

const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.11}}}
web:
  hosts:
    web1: {address: 192.0.2.21, private_address: 10.0.0.21}
    web2: {address: 192.0.2.22}
monitor: {hosts: {mon1: {address: 192.0.2.41}}}
`;

const AUTHORITY: Authority = {
  certificate: 'the authority',
  issue: () => Promise.resolve({certificate: 'a leaf', key: new Secret('its key')}),
};

type Options = Parameters<typeof haproxy>[0];

const HTTPS = {backend: 'web', tls: {certificate: AUTHORITY, names: ['www.example.com', 'example.com']}};

function config(options: Options, facts = {}): string {
  return written(compile(haproxy(options), SITE, 'lb', facts).get('template /etc/haproxy/haproxy.cfg')).text;
}

/** The lines of one section, without the first one. */
function section(text: string, name: string): string[] {
  const [, found = ''] = text.split(`\n${name}\n`);
  return (found.split('\n\n')[0] ?? '').split('\n').map((line) => line.trim());
}

function faults(options: Options): string[] {
  try {
    haproxy(options);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(({message}) => message.replace('role haproxy: ', ''));
  }
  return [];
}

test('HTTPS is a certificate before the configuration, a frontend for it, and one that redirects to it', (t) => {
  t.deepEqual([...compile(haproxy(HTTPS), SITE, 'lb').keys()].slice(-3), [
    'certificate /etc/haproxy/certs/port-443.pem',
    'template /etc/haproxy/haproxy.cfg',
    'service haproxy',
  ]);
  const text = config(HTTPS);
  t.deepEqual(section(text, 'frontend port-80'), [
    'bind :80',
    'bind :::80 v6only',
    'acl challenge path_beg /.well-known/acme-challenge/',
    "# Redirects only to the site's own names, whatever name the request has.",
    'acl ours req.hdr(host),host_only -i -m str www.example.com example.com',
    'http-request set-header Host www.example.com unless { req.hdr(host) -m found }',
    'http-request return status 421 content-type text/plain string "This is another site.\\n" unless ours || challenge',
    'http-request redirect location https://%[req.hdr(host),host_only]%[pathq] code 301 unless challenge',
    'default_backend web',
  ]);
  t.deepEqual(section(text, 'frontend port-443'), [
    'bind :443 ssl crt /etc/haproxy/certs/port-443.pem alpn h2,http/1.1',
    'bind :::443 v6only ssl crt /etc/haproxy/certs/port-443.pem alpn h2,http/1.1',
    'http-after-response set-header Strict-Transport-Security max-age=63072000',
    'default_backend web',
  ]);
  t.true(
    section(text, 'backend web').includes(
      'http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host www.example.com',
    ),
  );
});

test('the redirect accepts the names below a wildcard, and does not guess a name from one', (t) => {
  const tls = (names: string[]) =>
    section(config({...HTTPS, tls: {...HTTPS.tls, names}}), 'frontend port-80').slice(4, -3);
  const ends = 'acl ours req.hdr(host),host_only -i -m end .example.com';
  t.deepEqual(tls(['*.example.com']), [ends]);
  t.deepEqual(tls(['*.example.com', 'example.com']), [
    'acl ours req.hdr(host),host_only -i -m str example.com',
    ends,
    'http-request set-header Host example.com unless { req.hdr(host) -m found }',
  ]);
});

test('no release gets a curve that its OpenSSL refuses', (t) => {
  const curves = (codename: string) => /ssl-default-bind-curves (.*)/.exec(config(HTTPS, {codename}))?.[1];
  t.is(curves('bookworm'), 'X25519:prime256v1:secp384r1');
  t.is(curves('noble'), 'X25519:prime256v1:secp384r1');
  t.is(curves('trixie'), 'X25519MLKEM768:X25519:prime256v1:secp384r1');
});

test('the modern profile has only TLS 1.3', (t) => {
  const [bind] = section(config({...HTTPS, tls: {...HTTPS.tls, profile: 'modern'}}), 'frontend port-443');
  t.is(bind, 'bind :443 ssl crt /etc/haproxy/certs/port-443.pem alpn h2,http/1.1 ssl-min-ver TLSv1.3');
});

test('another port, no redirect, no HSTS', (t) => {
  const text = config({...HTTPS, port: 8443, tls: {...HTTPS.tls, redirectFrom: 8080, hsts: 0}});
  t.true(section(text, 'frontend port-8080').some((line) => line.includes('host_only]:8443%[pathq]')));
  t.false(text.includes('Strict-Transport'));
  t.false(config({...HTTPS, tls: {...HTTPS.tls, redirectFrom: false}}).includes('redirect location'));
});

test('every balancer answers ACME challenges from the account alone', (t) => {
  const certificate = acme({email: 'ops@example.com', account: new Secret('any secret'), until: AUTHORITY});
  const text = config({...HTTPS, tls: {...HTTPS.tls, certificate}});
  const answer = section(text, 'frontend port-80').find((line) => line.startsWith('http-request return'));
  t.is(
    answer,
    `http-request return status 200 content-type text/plain lf-string "%[path,field(4,/)].${certificate.accountKey.thumbprint}" if { path_reg ^/[.]well-known/acme-challenge/[A-Za-z0-9_-]+$ }`,
  );
  t.notRegex(config(HTTPS), /http-request return .*acme/);
  t.deepEqual(faults({...HTTPS, tls: {...HTTPS.tls, certificate, redirectFrom: 8080}}), [
    'the option "tls.redirectFrom" must be 80 for ACME',
  ]);
});

test("the servers' names are verified for requests and in health checks", (t) => {
  const options = {...HTTPS, backendTls: {authority: AUTHORITY}};
  const verified = (name: string) =>
    `ssl verify required ca-file /etc/haproxy/certs/ca.pem verifyhost ${name} sni str(${name}) check-sni ${name}`;
  t.deepEqual(section(config(options), 'backend web').slice(-3), [
    `server web1 10.0.0.21:443 ${verified('web1')}`,
    `server web2 192.0.2.22:443 ${verified('web2')}`,
    '',
  ]);
  t.true(compile(haproxy(options), SITE, 'lb').has('file /etc/haproxy/certs/ca.pem'));
});

test('active-passive: all but the first server are backups', (t) => {
  const servers = section(config({backend: 'web', mode: 'active-passive'}), 'backend web').slice(-3);
  t.deepEqual(servers, ['server web1 10.0.0.21:80', 'server web2 192.0.2.22:80 backup', '']);
});

test('balancing by client or by path uses a consistent hash', (t) => {
  for (const balance of ['source', 'uri'] as const) {
    t.true(section(config({backend: 'web', balance}), 'backend web').includes('hash-type consistent'));
  }
  t.false(config({backend: 'web'}).includes('hash-type'));
});

test('a health check can require a text', (t) => {
  const lines = section(config({backend: 'web', healthText: 'all fine'}), 'backend web');
  t.true(lines.includes('http-check expect string "all fine"'));
});

test('a client with too many requests is told to wait', (t) => {
  const lines = section(config({backend: 'web', rateLimit: {requests: 50, seconds: 10}}), 'frontend port-80');
  t.deepEqual(lines.slice(3, 6), [
    'stick-table type ipv6 size 100k expire 20s store http_req_rate(10s)',
    'http-request track-sc0 src,ipmask(32,64)',
    'http-request return status 429 content-type text/plain string "Too many requests.\\n" hdr Retry-After 10 if { sc_http_req_rate(0) gt 50 }',
  ]);
});

test('as many connections as fit into a quarter of the memory', (t) => {
  const limit = (memory: number) => /fd-hard-limit (\d+)/.exec(config({backend: 'web'}, {memory}))?.[1];
  t.is(limit(2 * 2 ** 30), '16484'); // 2 * 8192 + 100
  t.is(limit(1.9 * 2 ** 30), '8292');
  t.is(limit(64 * 2 ** 20), '2148');
  t.is(limit(512 * 2 ** 30), '131172');
});

test('statistics are only for the named audience', (t) => {
  const lines = section(config({backend: 'web', stats: {from: {group: 'monitor'}}}), 'frontend stats');
  t.deepEqual(lines.slice(0, 2), ['bind 192.0.2.11:8404', 'tcp-request connection reject unless { src 192.0.2.41 }']);
  t.false(config({backend: 'web'}).includes('frontend stats'));
});

test('it declares the ports on which it listens, and for which clients', (t) => {
  const options: Options = {...HTTPS, stats: {from: {group: 'monitor'}}, databases: {from: [{group: 'web'}]}};
  t.deepEqual(
    declared(haproxy(options), `${SITE}db: {hosts: {db1: {address: 192.0.2.31}}}\n`, 'lb').map(({ports, from}) => [
      ports,
      from,
    ]),
    [
      [[80, 443], ['any']],
      [[3306, 3307], [{group: 'web'}]],
      [[8404], [{group: 'monitor'}]],
    ],
  );
});

test('options that contradict each other are reported', (t) => {
  const service = {backend: 'web'};
  const plain = {services: [{...HTTPS}, service]};
  t.deepEqual(faults(plain), [
    'the option "services[1].port": another service has port 80',
    'the option "services[1].name": another service is named "web": give this one a different name',
  ]);
  t.deepEqual(faults({...HTTPS, port: 80}), ['the option "port": another service has port 80']);
  t.deepEqual(faults({services: []}), ['the option "services" needs at least one service']);
  const other = {...AUTHORITY, certificate: 'another'};
  const two = [AUTHORITY, other].map((authority, index) => ({
    ...service,
    name: `web${index}`,
    port: 80 + index,
    backendTls: {authority},
  }));
  t.deepEqual(faults({services: two}), [
    'the option "services": all services must have the same authority for their servers',
  ]);
});
