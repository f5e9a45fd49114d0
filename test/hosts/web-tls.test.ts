import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {openAuthority} from '../../src/authority/index.js';
import type {Authority} from '../../src/model/index.js';
import {CLAIMED_NAMES} from '../../src/roles/shared/claimed-headers.js';
import {Secret} from '../../src/shell/index.js';
import {bareHosts} from '../support/hosts.js';
import {ask, handshake, upgrade} from '../support/https.js';
import {askHost, infra, type TestHost, labTest as test, writeInventory} from '../support/lab.js';
import {announced, applied, tasksOf, truthful} from '../support/truth.js';

/*
 * Web servers with HTTPS. The balancer is this machine: it asks them from the address that the lab's bridge has.
 */
const HOSTS = {
  'web-tls-12': {address: '198.18.0.84', groups: ['web'], suite: 'bookworm'},
  'web-tls-13': {address: '198.18.0.83', groups: ['web'], suite: 'trixie'},
  'web-tls-sid': {address: '198.18.0.85', groups: ['web'], suite: 'sid'},
} as const satisfies Record<string, TestHost>;
const NAMES = ['web-tls-12', 'web-tls-13', 'web-tls-sid'] as const;
const BALANCER = {address: '198.18.0.1', groups: ['lb']};
const SITE = 'www.example.org';

let authority: Authority;
let directory = '';
let args: readonly string[] = [];

test.before(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  const secrets = new Map<string, Secret>();
  const keep = async (name: string, make: () => string | Promise<string>) => {
    const kept = secrets.get(name) ?? new Secret(await make());
    secrets.set(name, kept);
    return kept;
  };
  authority = await openAuthority({directory, name: 'test', keys: {keep}, notice: () => undefined});
  await Promise.all(NAMES.map(certify));
  await bareHosts(HOSTS);
  const inventory = await writeInventory({...HOSTS, balancer: BALANCER}, {certificates: directory});
  args = ['--inventory', inventory, '--playbook', 'test/hosts/playbooks/web-tls.ts'];
});

test('web-tls: bare hosts come to HTTPS as it was planned, and nothing is left to do', async (t) => {
  const plan = await announced(args);
  truthful(t, plan, await applied(args));
  const after = await infra(['plan', '--detailed-exitcode', ...args]);
  t.is(after.code, 0, after.stdout + after.stderr);
});

test('web-tls: TLS 1.2 and 1.3 with HTTP/2 are spoken, by the host that was meant, and nothing older', async (t) => {
  for (const name of NAMES) {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      t.like(await handshake(target(name), version), {protocol: version, next: 'h2'}, name);
    }
    t.is(await handshake(target(name), 'TLSv1.1'), REFUSED, name);
    const other = await handshake({...target(name), name: 'web-tls-other'}, 'TLSv1.3');
    t.is(other, 'ERR_TLS_CERT_ALTNAME_INVALID', name);
  }
});

test('web-tls: a site that others add speaks nothing older either, whatever its ciphers', async (t) => {
  for (const name of NAMES) {
    await askHost(name, `cat >/etc/nginx/sites-enabled/foreign <<'E'\n${FOREIGN}E\n${reloaded(8443)}`);
    const foreign = {...target(name), port: 8443};
    t.like(await handshake(foreign, 'TLSv1.2'), {protocol: 'TLSv1.2'}, name);
    t.is(await handshake(foreign, 'TLSv1.1'), REFUSED, name);
    t.is((await ask(foreign, '/')).headers['x-content-type-options'], 'nosniff', name);
    const plan = await infra(['plan', '--detailed-exitcode', ...args, '--limit', name]);
    t.is(plan.code, 0, plan.stdout);
    await askHost(name, 'rm /etc/nginx/sites-enabled/foreign; systemctl reload nginx');
  }
});

test('web-tls: every answer has the headers, and none says which version it is', async (t) => {
  for (const name of NAMES) {
    for (const [page, status] of PAGES) {
      const answer = await ask(target(name), page, {host: SITE});
      t.is(answer.status, status, `${name} ${page}`);
      t.like(answer.headers, {...HEADERS, 'x-served-by': name}, `${name} ${page}`);
      t.notRegex(answer.body, /nginx\/\d/);
    }
  }
});

test('web-tls: other names are refused, health checks answered under any', async (t) => {
  for (const name of NAMES) {
    t.is((await ask(target(name), '/', {host: 'other.example.org'})).status, 421, name);
    t.is((await ask(target(name), '/', {host: name})).status, 421, name);
    t.like(await ask(target(name), '/healthz', {host: name}), {status: 200, body: 'ok\n'}, name);
    t.like(await ask(target(name), '/healthz', {host: SITE}), {status: 200, body: 'ok\n'}, name);
  }
});

test('web-tls: nothing but the port of HTTPS listens to others, and counters can be read on the host', async (t) => {
  for (const name of NAMES) {
    const ports = await askHost(name, `ss -Hlnt | awk '{print $4}' | grep -v ':22$' | sort`);
    t.is(ports, '0.0.0.0:443\n127.0.0.1:8099\n[::]:443\n', name);
    t.regex(await askHost(name, plainly(8099, '/stub_status')), /Active connections: \d/, name);
  }
});

test('web-tls: a client’s address is believed from a balancer only, and others may not ask', async (t) => {
  for (const name of NAMES) {
    const {address} = HOSTS[name];
    const elsewhere = NEIGHBOUR[name];
    await ask(target(name), '/from-balancer', {host: SITE, 'x-forwarded-for': '203.0.113.6, 203.0.113.9'});
    await askHost(name, encrypted('127.0.0.1', '/from-itself'));
    t.regex(await askHost(elsewhere, encrypted(address, '/from-elsewhere')), /^HTTP\/1\.1 403 /, name);
    t.regex(await askHost(elsewhere, encrypted(address, '/healthz')), /^HTTP\/1\.1 403 /, name);
    const log = await askHost(name, `awk '/from-/ {print $1, $7, $9}' /var/log/nginx/access.log`);
    t.deepEqual(log.trim().split('\n'), [
      '203.0.113.9 /from-balancer 404',
      '127.0.0.1 /from-itself 404',
      `${HOSTS[elsewhere].address} /from-elsewhere 403`,
    ]);
  }
});

/** What is broken, and what a plan must announce then: this and nothing else. */
const DRIFT: Readonly<Record<(typeof NAMES)[number], readonly [breaking: string, announced: string][]>> = {
  'web-tls-12': [
    [
      `sed -i 's/ssl_protocols .*/ssl_protocols TLSv1 TLSv1.2;/' /etc/nginx/nginx.conf`,
      'template /etc/nginx/nginx.conf',
    ],
    ['chmod 0644 /etc/nginx/tls/site.pem', 'certificate /etc/nginx/tls/site.pem'],
    ['rm /etc/nginx/sites-enabled/site', 'symlink /etc/nginx/sites-enabled/site'],
  ],
  'web-tls-13': [
    ['chmod 0644 /etc/nginx/nginx.conf', 'template /etc/nginx/nginx.conf'],
    ['sed -i "/PRIVATE KEY/,$ d" /etc/nginx/tls/site.pem', 'certificate /etc/nginx/tls/site.pem'],
    ['echo "return 200;" >> /etc/nginx/sites-available/site', 'template /etc/nginx/sites-available/site'],
  ],
  'web-tls-sid': [
    [
      'ln -sfn /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default',
      'symlink /etc/nginx/sites-enabled/default',
    ],
    ['rm /etc/nginx/tls/site.pem', 'certificate /etc/nginx/tls/site.pem'],
    ['systemctl disable --now nginx', 'service nginx'],
  ],
};

test('web-tls: drift is planned and fixed, and nothing else', async (t) => {
  const expected = NAMES.flatMap((name) => DRIFT[name].map(([, task]) => `${name} ${task}`));
  for (const name of NAMES) await askHost(name, DRIFT[name].map(([breaking]) => breaking).join('\n'));
  const plan = await announced(args);
  const done = await applied(args);
  truthful(t, plan, done);
  t.deepEqual([...tasksOf(done)].sort(), expected.sort());
  const after = await infra(['plan', '--detailed-exitcode', ...args]);
  t.is(after.code, 0, after.stdout + after.stderr);
  for (const name of NAMES) t.is((await ask(target(name), '/', {host: SITE})).status, 200, name);
});

test('web-tls: a new certificate is served after apply, and no request is lost in the meantime', async (t) => {
  const before = await serials();
  await Promise.all(NAMES.map(certify));
  let applying = true;
  const asking = NAMES.map(async (name) => {
    let answers = 0;
    for (; applying; answers += 1) t.is((await ask(target(name), '/', {host: SITE})).status, 200, name);
    return answers;
  });
  const done = await applied(args);
  applying = false;
  t.deepEqual([...tasksOf(done)].sort(), NAMES.map((name) => `${name} certificate /etc/nginx/tls/site.pem`).sort());
  for (const count of await Promise.all(asking)) t.true(count > 0);
  const after = await serials();
  for (const [index, name] of NAMES.entries()) t.not(after[index], before[index], name);
});

test('web-tls: a site that Nginx refuses changes nothing', async (t) => {
  const name = 'web-tls-13';
  await askHost(name, 'echo "nonsense;" > /etc/nginx/conf.d/broken.conf; echo "# x" >> /etc/nginx/nginx.conf');
  const outcome = await infra(['apply', '--yes', ...args, '--limit', name]);
  t.is(outcome.code, 1);
  t.regex(outcome.stdout + outcome.stderr, /unknown directive "nonsense" in \/etc\/nginx\/conf\.d\/broken\.conf/);
  t.regex(await askHost(name, 'tail -n 1 /etc/nginx/nginx.conf'), /^# x$/m);
  t.is((await ask(target(name), '/', {host: SITE})).status, 200);
  await askHost(name, 'rm /etc/nginx/conf.d/broken.conf');
});

test('web-tls: a directory is served as it is, and what others left or changed in its place goes', async (t) => {
  const site = await siteDirectory();
  const args = await contentArgs(site);
  const only = [...args, '--limit', 'web-tls-13'];
  await applied(only);
  const served = async (page: string) => ask(target('web-tls-13'), page, {host: SITE});
  t.like(await served('/'), {status: 200, body: 'Hello\n'});
  t.like((await served('/css/site.css')).headers, {'content-type': 'text/css'});
  t.is((await served('/.well-known/security.txt')).status, 200);
  t.is((await served('/.env')).status, 404);
  await askHost('web-tls-13', 'cd /var/www/site; echo x >> index.html; mkdir -p old/a; touch old/a/b left.html');
  await rm(path.join(site, 'css/site.css'));
  const plan = await announced(only);
  t.deepEqual(plan, {certain: DIRECTORY_DRIFT, possible: []});
  truthful(t, plan, await applied(only));
  t.is((await served('/css/site.css')).status, 404);
  t.is(
    await askHost('web-tls-13', 'cd /var/www/site; find . -type f | sort'),
    './.well-known/security.txt\n./index.html\n',
  );
  const after = await infra(['plan', '--detailed-exitcode', ...only]);
  t.is(after.code, 0, after.stdout + after.stderr);
});

const DIRECTORY_DRIFT = ['web-tls-13 file /var/www/site/index.html', 'web-tls-13 leftovers /var/www/site'];

test('web-tls: an application answers through Nginx, and the health check says whether it does', async (t) => {
  const args = await contentArgs('');
  const only = [...args, '--limit', 'web-tls-12,web-tls-sid'];
  await applied(only);
  for (const name of ['web-tls-12', 'web-tls-sid'] as const) {
    const answer = await ask(target(name), '/a?b', {host: SITE, 'x-forwarded-for': '203.0.113.9', proxy: 'x'});
    t.like(answer.headers, {'x-served-by': name, 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff'});
    t.regex(answer.body, new RegExp(`^GET /a\\?b\nHost: ${SITE}\nX-Forwarded-For: 203\\.0\\.113\\.9\n`));
    t.regex(answer.body, new RegExp(`X-Forwarded-Proto: https\n.*\nX-Request-ID: ${answer.headers['x-request-id']}\n`));
    t.notRegex(answer.body, /^proxy:/im);
    const claims = CLAIMED_NAMES.filter((name) => name !== 'x-forwarded-for').map((name) => [name, 'evil']);
    const claimed = await ask(target(name), '/', {host: SITE, ...Object.fromEntries(claims)});
    t.regex(claimed.body, /^GET \//);
    t.notRegex(claimed.body, /evil/);
    t.like(await ask(target(name), '/healthz', {host: name}), {status: 200, body: 'ok\n'}, name);
    t.regex(await upgrade(target(name), '/live', {host: SITE}), /^GET \/live\n/);
    await askHost(name, 'systemctl stop echo.socket');
    t.is((await ask(target(name), '/healthz', {host: name})).status, 502, name);
    t.like(await ask(target(name), '/', {host: SITE}), {status: 502, body: await awayPage()}, name);
  }
  const fixed = await applied(only);
  t.deepEqual([...tasksOf(fixed)].sort(), ['web-tls-12 service echo.socket', 'web-tls-sid service echo.socket']);
  t.is((await ask(target('web-tls-sid'), '/healthz', {host: SITE})).status, 200);
});

/** What Node says when the server's alert is that it does not speak this version. */
const REFUSED = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';

/** Without a list of ciphers of its own, OpenSSL's would refuse old versions already. */
const FOREIGN = `server {
    listen 8443 ssl;
    ssl_certificate /etc/nginx/tls/site.pem;
    ssl_certificate_key /etc/nginx/tls/site.pem;
    ssl_ciphers DEFAULT@SECLEVEL=0;
    return 200 foreign;
}
`;

const PAGES = [
  ['/', 200],
  ['/healthz', 200],
  ['/missing', 404],
  ['/.git/config', 404],
] as const;

const HEADERS = {
  server: 'nginx',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'content-security-policy': "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

const target = (name: (typeof NAMES)[number]) => ({address: HOSTS[name].address, ca: authority.certificate, name});

/** A host that is not a balancer of this one. */
const NEIGHBOUR = {'web-tls-12': 'web-tls-13', 'web-tls-13': 'web-tls-sid', 'web-tls-sid': 'web-tls-12'} as const;

/** A new certificate for a host, where the playbook looks for it. */
async function certify(name: string): Promise<void> {
  const {certificate, key} = await authority.issue({names: [name], usage: 'server'});
  await writeFile(path.join(directory, `${name}.crt`), certificate);
  await writeFile(path.join(directory, `${name}.key`), key.reveal(), {mode: 0o600});
}

/** A new directory with the files of a site. */
async function siteDirectory(): Promise<string> {
  const site = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  await mkdir(path.join(site, 'css'));
  await mkdir(path.join(site, '.well-known'));
  await writeFile(path.join(site, 'index.html'), 'Hello\n');
  await writeFile(path.join(site, 'css/site.css'), 'body {}\n');
  await writeFile(path.join(site, '.well-known/security.txt'), 'Contact: mailto:me@example.org\n');
  await writeFile(path.join(site, '.env'), 'PASSWORD=x\n');
  return site;
}

/** The same hosts, one with this directory and the others with an application. */
async function contentArgs(site: string): Promise<readonly string[]> {
  const vars = (name: string) => ({vars: name === 'web-tls-13' ? {directory: site} : {application: 8080}});
  const hosts = Object.fromEntries(NAMES.map((name) => [name, {...HOSTS[name], ...vars(name)}]));
  const inventory = await writeInventory({...hosts, balancer: BALANCER}, {certificates: directory});
  return ['--inventory', inventory, '--playbook', 'test/hosts/playbooks/web-content.ts'];
}

const awayPage = () => readFile('templates/nginx/502.html.ejs', 'utf8');

/** Of the certificates that are served now. */
async function serials(): Promise<unknown[]> {
  return Promise.all(
    NAMES.map(async (name) => {
      const answer = await handshake(target(name), 'TLSv1.3');
      return typeof answer === 'object' ? answer.serial : answer;
    }),
  );
}

/** Shell text: Nginx has read its configuration again and listens on a port of it. */
const reloaded = (port: number) => `systemctl reload nginx
for try in $(seq 50); do bash -c ': <>/dev/tcp/127.0.0.1/${port}' 2>/dev/null && exit; sleep 0.1; done; exit 1`;

/** Shell text: a request without encryption from the host to itself. */
const plainly = (port: number, page: string) =>
  `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET ${page} HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'`;

/** Shell text: an encrypted request that claims to be for a client. */
const encrypted = (address: string, page: string) =>
  `printf 'GET ${page} HTTP/1.1\\r\\nHost: ${SITE}\\r\\nX-Forwarded-For: 203.0.113.77\\r\\nConnection: close\\r\\n\\r\\n' |
openssl s_client -quiet -connect ${address}:443 2>/dev/null`;
