import test from 'ava';
import {Secret} from '../../../src/index.js';
import {type Authority, InputError, type Listening} from '../../../src/model/index.js';
import {nginx} from '../../../src/roles/index.js';
import {compile, declared, written} from '../compile.js';

const SITE = `
lb:
  hosts:
    lb1: {address: 192.0.2.11}
    lb2: {address: 198.51.100.12, private_address: 192.0.2.12}
web:
  hosts:
    web1: {address: 198.51.100.21, private_address: 192.0.2.21}
monitor:
  hosts:
    mon1: {address: 192.0.2.31}
`;

const ALONE = 'web: {hosts: {web1: {address: 192.0.2.21}}}';

const authority: Authority = {
  certificate: '',
  issue: async () => ({certificate: '', key: new Secret('')}),
};

type Options = NonNullable<Parameters<typeof nginx>[0]>;
type Tls = Partial<NonNullable<Options['tls']>>;

const secure = (options: Options = {}, tls: Tls = {}) => nginx({...options, tls: {certificate: authority, ...tls}});

const MAIN = 'template /etc/nginx/nginx.conf';
const AVAILABLE = 'template /etc/nginx/sites-available/site';

const texts = (options: Options = {}, inventory = SITE, codename = 'trixie', tls: Tls = {}) => {
  const tasks = compile(secure(options, tls), inventory, 'web', {codename});
  return {main: written(tasks.get(MAIN)).text, site: written(tasks.get(AVAILABLE)).text};
};

const audiences = (options: Options, inventory = SITE) =>
  declared(nginx(options), inventory, 'web').map(({ports, from}: Listening) => ({ports, from}));

test('with TLS the main file is the role’s own, and Debian’s site is never served', (t) => {
  const tasks = compile(secure(), SITE, 'web');
  t.deepEqual(
    [...tasks.keys()],
    [
      'directory /etc/nginx/sites-enabled',
      'symlink /etc/nginx/sites-enabled/default',
      'apt nginx',
      MAIN,
      'certificate /etc/nginx/tls/site.pem',
      'directory /var/www/site',
      'template /var/www/site/index.html',
      AVAILABLE,
      'symlink /etc/nginx/sites-enabled/site',
      'service nginx',
    ],
  );
  const certificate = tasks.get('certificate /etc/nginx/tls/site.pem');
  t.deepEqual(
    certificate?.notify.map(({id}) => id),
    ['reload nginx'],
  );
});

test('it listens only with TLS, on 443 by default', (t) => {
  t.deepEqual(listensOf(texts().site), ['443 ssl default_server', '[::]:443 ssl default_server']);
  t.deepEqual(listensOf(texts({port: 8443, ipv6: false}).site), ['8443 ssl default_server']);
});

test('protocols are set for all servers', (t) => {
  const {main} = texts();
  t.regex(main, /^ {4}ssl_protocols TLSv1\.2 TLSv1\.3;$/m);
  t.regex(main, /^ {4}ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1:secp384r1;$/m);
  t.notRegex(texts().site, /ssl_protocols|ssl_ciphers/);
});

test('modern is TLS 1.3 without a list of ciphers', (t) => {
  const {main} = texts({}, SITE, 'trixie', {profile: 'modern'});
  t.regex(main, /ssl_protocols TLSv1\.3;/);
  t.notRegex(main, /ssl_ciphers/);
});

for (const [codename, words, directive, curves] of [
  ['jammy', 'ssl http2', false, 'X25519:'],
  ['bookworm', 'ssl http2', false, 'X25519:'],
  ['noble', 'ssl http2', false, 'X25519:'],
  ['trixie', 'ssl', true, 'X25519MLKEM768:'],
  ['resolute', 'ssl', true, 'X25519MLKEM768:'],
  ['sid', 'ssl', true, 'X25519MLKEM768:'],
] as const) {
  test(`${codename} gets HTTP/2 and curves as its versions support them`, (t) => {
    const {main, site} = texts({}, SITE, codename);
    t.is(listensOf(site)[0], `443 ${words} default_server`);
    t.is(main.includes('http2 on;'), directive);
    t.true(main.includes(`ssl_ecdh_curve ${curves}`));
  });
}

test('balancers are trusted about clients’ addresses; access depends on the connection', (t) => {
  const {main} = texts();
  t.regex(main, /set_real_ip_from 192\.0\.2\.11;\n {4}set_real_ip_from 192\.0\.2\.12;\n {4}real_ip_header/);
  t.regex(main, /geo \$realip_remote_addr \$admitted \{\n {8}default 0;/);
  t.regex(main, /::1 1;\n {8}192\.0\.2\.11 1;\n {8}192\.0\.2\.12 1;\n {4}\}/);
});

test('every server refuses clients that are not allowed', (t) => {
  const {site} = texts({serverName: 'www.example.org'});
  t.is(site.split(/^server \{/m).length - 1, 2);
  t.is(site.split('if ($admitted = 0)').length - 1, 2);
});

test('without balancers everyone may connect, and browsers must use HTTPS', (t) => {
  const {main, site} = texts({serverName: 'www.example.org'}, ALONE);
  t.notRegex(main + site, /admitted|real_ip/);
  t.regex(main, /add_header Strict-Transport-Security "max-age=63072000" always;/);
  t.notRegex(texts().main, /Strict-Transport-Security/);
});

test('a site with names refuses others and still answers health checks under any', (t) => {
  const {site} = texts({serverName: ['example.org', 'www.example.org'], healthPath: '/up'});
  const [, refusing, own] = site.split(/^server \{/m);
  t.regex(refusing ?? '', /listen 443 ssl default_server;[\s\S]*location = \/up \{[\s\S]*return 200[\s\S]*return 421;/);
  t.regex(own ?? '', /listen 443 ssl;[\s\S]*server_name example\.org www\.example\.org;/);
});

test('headers are added on one level alone, since each level hides those above', (t) => {
  const {main, site} = texts({headers: {'content-security-policy': "default-src 'self'", 'X-Frame-Options': false}});
  t.notRegex(site, /add_header/);
  const added = [...main.matchAll(/^( *)add_header (\S+)/gm)];
  t.deepEqual([...new Set(added.map(([, indent]) => indent?.length))], [4]);
  t.deepEqual(
    added.map(([, , name]) => name),
    ['X-Served-By', 'X-Content-Type-Options', 'Referrer-Policy', 'Permissions-Policy', 'content-security-policy'],
  );
  t.regex(main, /add_header content-security-policy "default-src 'self'" always;/);
});

test('a header that would leave its quotes or name a variable is refused', (t) => {
  for (const value of ['a"; return 200; #', '$host', 'a\nb', '\\']) {
    const error = t.throws(() => nginx({headers: {'X-Own': value}}), {instanceOf: InputError});
    t.regex(error?.message ?? '', /the option "headers\.X-Own" must not have/);
  }
});

test('it declares its port for the balancers, for the given audience, or for all', (t) => {
  const balancers = [{group: 'lb'}];
  t.deepEqual(audiences({}), [{ports: [80], from: balancers}]);
  t.deepEqual(audiences({tls: {certificate: authority}}), [{ports: [443], from: balancers}]);
  t.deepEqual(audiences({}, ALONE), [{ports: [80], from: ['any']}]);
  const from = [{group: 'lb'}, {host: 'mon1'}] as const;
  t.deepEqual(audiences({from: [...from]}), [{ports: [80], from: [...from]}]);
});

test('a group that the inventory does not have is refused', (t) => {
  const error = t.throws(() => compile(nginx({from: {group: 'lbs'}}), SITE, 'web'), {instanceOf: InputError});
  t.regex(error?.message ?? '', /no group "lbs"/);
});

test('balancers may be missing under their usual name, and not under another', (t) => {
  t.notThrows(() => compile(nginx(), ALONE, 'web'));
  for (const options of [{balancers: 'wbe'}, {balancers: 'wbe', tls: {certificate: authority}}]) {
    const error = t.throws(() => compile(nginx(options), SITE, 'web'), {instanceOf: InputError});
    t.like(error?.diagnostics, [
      {message: '/project/inventory/hosts.yml has no group "wbe"', hint: 'Did you mean "web"?'},
    ]);
  }
});

const listensOf = (site: string) => [...site.matchAll(/^ {4}listen (.*);$/gm)].map(([, words]) => words);

test('while balancers move to HTTPS, the site answers plain HTTP too, for the same clients', (t) => {
  const {site} = texts({}, SITE, 'trixie', {plainPort: 80});
  t.deepEqual(site.match(/listen .*;/g), [
    'listen 443 ssl default_server;',
    'listen [::]:443 ssl default_server;',
    'listen 80 default_server;',
    'listen [::]:80 default_server;',
  ]);
  t.deepEqual(
    audiences({tls: {certificate: authority, plainPort: 80}}).map(({ports}) => ports),
    [[80, 443]],
  );
});
