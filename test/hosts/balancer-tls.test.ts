import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Authority} from '../../src/model/index.js';
import {CLAIMED_NAMES} from '../../src/roles/shared/claimed-headers.js';
import {newAuthority} from '../support/authority.js';
import {MADE_UP, setCertificate, setHealth, setRole, startBackends} from '../support/backends.js';
import {adminStates, journal, socket, state} from '../support/haproxy.js';
import {RELEASES, sharedHosts} from '../support/hosts.js';
import {ask, handshake} from '../support/https.js';
import {askHost, infra, mustRun, type TestHost, labTest as test, writeInventory} from '../support/lab.js';
import {underLoad} from '../support/load.js';
import {banner, plain, send} from '../support/requests.js';
import {announced, applied, truthful} from '../support/truth.js';

/*
 * Balancers of three releases with HTTPS on both sides, before the same two servers on one host.
 */
const WEB = 'rel-web';
const LB = {
  'rel-12': {...RELEASES['rel-12'], groups: ['lb']},
  'rel-13': {...RELEASES['rel-13'], groups: ['lb']},
  'rel-sid': {...RELEASES['rel-sid'], groups: ['lb']},
} as const satisfies Record<string, TestHost>;
const NAMES = ['rel-12', 'rel-13', 'rel-sid'] as const;
type Name = (typeof NAMES)[number];
const SERVERS = {app1: RELEASES[WEB].address, app2: '198.18.0.74'};
const SITE = 'www.example.org';

let authority: Authority;
let directory = '';
let args: readonly string[] = [];

test.before(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  authority = await newAuthority();
  await certify();
  await writeFile(path.join(directory, 'ca.pem'), authority.certificate);
  await sharedHosts(RELEASES, [...NAMES, WEB]);
  const backends = Object.entries(SERVERS).map(async ([name, address]) => ({
    name,
    address,
    certificate: await leaf(name),
  }));
  await startBackends(WEB, await Promise.all(backends));
  args = await playbookFor({});
});

test('balancer-tls: hosts come to a balancer as it was planned, and nothing is left to do', async (t) => {
  const plan = await announced(args);
  truthful(t, plan, await applied(args));
  const after = await infra(['plan', '--detailed-exitcode', ...args]);
  t.is(after.code, 0, after.stdout + after.stderr);
});

each('HAProxy has nothing to complain of in its configuration', async (t, name) => {
  await askHost(name, 'systemctl restart haproxy');
  t.notRegex(
    await askHost(name, 'haproxy -c -f /etc/haproxy/haproxy.cfg 2>&1; journalctl -u haproxy -o cat'),
    /config :|Warnings/,
  );
});

each('plain HTTP leads to HTTPS, but for challenges of ACME', async (t, name) => {
  const {address} = LB[name];
  t.deepEqual(await plain(address, '/a?b=1', SITE), [301, `https://${SITE}/a?b=1`]);
  t.deepEqual(await plain(address, '//evil.example/', SITE.toUpperCase()), [301, `https://${SITE}//evil.example/`]);
  for (const other of ['evil.example', `${SITE}.evil.example`, `evil-${SITE}`, `${SITE}@evil.example`, '', address]) {
    const [status, location] = await plain(address, '/a', other);
    // 400: later versions take "@" for no part of a name.
    t.true(status === 421 || status === 400, `${other}: ${status}`);
    t.is(location, undefined, other);
  }
  t.deepEqual(await plain(address, '/a', `${SITE}:80`), [301, `https://${SITE}/a`]);
  t.deepEqual(await plain(address, '/.well-known/acme-challenge/x', SITE), [200, undefined]);
});

each('TLS 1.2 and 1.3 with HTTP/2 are spoken, nothing older, and by the modern profile 1.3 alone', async (t, name) => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    t.like(await handshake(site(name), version), {protocol: version, next: 'h2'});
  }
  t.is(await handshake(site(name), 'TLSv1.1'), REFUSED);
  t.is(await handshake(site(name, 8444), 'TLSv1.2'), REFUSED);
});

each('both servers answer; browsers are told once to use HTTPS, whatever a server says', async (t, name) => {
  const answers = await times(4, () => ask(site(name), '/'));
  t.deepEqual([...new Set(answers.map(({body}) => body))].sort(), ['app1', 'app2']);
  for (const {headers} of answers) t.is(headers['strict-transport-security'], 'max-age=63072000');
});

each("a server is told the client's address, and nothing that the client made up", async (t, name) => {
  const forged = {
    'X-Forwarded-For': '6.6.6.6',
    X_Forwarded_For: '6.6.6.6',
    'X-Real-IP': '6.6.6.6',
    Forwarded: 'for=6.6.6.6',
    Proxy: 'evil',
    Upgrade: 'h2c',
    Connection: 'close, Upgrade, X-Forwarded-For',
  };
  t.is((await ask(site(name), '/told', forged)).body, '198.18.0.1 https');
});

each('whatever else names a client or a URL does not come through', async (t, name) => {
  const claims = [...CLAIMED_NAMES, ...MADE_UP].map((claim) => [claim, 'evil'] as const);
  // HAProxy takes 101 headers.
  for (const some of [claims.slice(0, 60), claims.slice(60)]) {
    t.like(await ask(site(name), '/claimed', Object.fromEntries(some)), {status: 200, body: ''});
  }
  const untouched = {'X-Claim': 'a', 'X-Client-Version': 'b', Referer: 'c'};
  t.is((await ask(site(name), '/kept', untouched)).body, 'a b c');
});

each('what would open a tunnel is refused', async (t, name) => {
  t.is(await send(site(name), 'TRACE', '/'), 405);
});

test('balancer-tls: a read is sent again when a server hangs up, a write never', async (t) => {
  await askHost(WEB, ': >/var/log/nginx/requests.log');
  await onAll(async (name) => {
    const reads = await times(6, async () => (await ask(site(name), '/fragile')).status);
    t.deepEqual(reads, [200, 200, 200, 200, 200, 200], name);
    const writes = await times(6, () => send(site(name), 'POST', '/fragile'));
    t.true(writes.includes(502) && writes.includes(200), `${name}: ${writes.join()}`);
  });
  const log = (await askHost(WEB, `grep /fragile /var/log/nginx/requests.log | cut -d'"' -f2`)).split('\n');
  const seen = (method: string) => log.filter((line) => line.startsWith(method)).length;
  t.true(seen('GET') > 6 * NAMES.length);
  t.is(seen('POST'), 6 * NAMES.length);
});

test('balancer-tls: active-passive: the second server answers only while the first is not healthy', async (t) => {
  const answering = (server: string) =>
    onAll(async (name) => {
      const answers = await times(3, () => ask(site(name, 8443), '/'));
      t.deepEqual(
        answers.map(({body}) => body),
        [server, server, server],
        name,
      );
    });
  await answering('app1');
  await setHealth(WEB, 'app1', 'out of order');
  await onAll((name) => state(name, 'passive/app1', 'DOWN'));
  await answering('app2');
  await setHealth(WEB, 'app1', 'all is fine');
  await onAll((name) => state(name, 'passive/app1', 'UP'));
  await answering('app1');
});

test('balancer-tls: a server with the certificate of another is down, and has no traffic even if taken for healthy', async (t) => {
  await setCertificate(WEB, {name: 'app2', certificate: await leaf('app1')});
  await onAll((name) => state(name, 'web/app2', 'DOWN'));
  await onAll(async (name) => {
    const answers = await times(4, () => ask(site(name), '/'));
    t.deepEqual(new Set(answers.map(({body}) => body)), new Set(['app1']), name);
    await socket(name, 'disable health web/app2; set server web/app2 health up; set server web/app1 state maint');
    t.is((await ask(site(name), '/to-a-stranger')).status, 503, name);
    // HAProxy chose the server, and could not connect.
    t.regex(await journal(name), / web\/app2 \S+ 503 \d+ - - SC-- .*\/to-a-stranger /, name);
    await socket(name, 'enable health web/app2; set server web/app1 state ready');
  });
  await setCertificate(WEB, {name: 'app2', certificate: await leaf('app2')});
  await onAll((name) => state(name, 'web/app1', 'UP'));
  await onAll((name) => state(name, 'web/app2', 'UP'));
});

each('who sends too many requests is told to wait', async (t, name) => {
  const answers = await times(30, () => ask(site(name, 8444), '/'));
  t.deepEqual(
    answers.map(({status}) => status),
    [...Array(20).fill(200), ...Array(10).fill(429)],
  );
  t.is(answers.at(-1)?.headers['retry-after'], '300');
});

each('statistics and metrics are for those alone who are named', async (t, name) => {
  const {address} = LB[name];
  t.regex(
    await (await fetch(`http://${address}:8404/metrics`)).text(),
    /haproxy_server_status\{proxy="web",server="app1",state="UP"\} 1/,
  );
  t.regex(await (await fetch(`http://${address}:8404/`)).text(), /Statistics Report/);
  const stranger = `bash -c 'exec 3<>/dev/tcp/${address}/8404 && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3; cat <&3' 2>&1`;
  t.notRegex(await askHost(WEB, `${stranger} || :`), /haproxy_/);
});

test('balancer-tls: writes go to the primary, reads to the replica, or to the primary while there is none', async (t) => {
  for (const [primary, replica] of [
    ['app1', 'app2'],
    ['app2', 'app1'],
  ] as const) {
    await setRole(WEB, primary, 'primary');
    await setRole(WEB, replica, 'replica');
    await onAll(async (name) => {
      await state(name, `database-write/${primary}`, 'UP');
      await state(name, `database-write/${replica}`, 'NOLB');
      await state(name, `database-read/${replica}`, 'UP');
      t.is(await banner(LB[name].address, 3306), `${primary}\n`, name);
      t.is(await banner(LB[name].address, 3307), `${replica}\n`, name);
    });
    await setRole(WEB, replica, 'lagging');
    await onAll(async (name) => {
      await state(name, `database-read/${replica}`, 'NOLB');
      t.is(await banner(LB[name].address, 3307), `${primary}\n`, name);
    });
  }
  const stranger = (name: Name) =>
    askHost(WEB, `bash -c 'exec 3<>/dev/tcp/${LB[name].address}/3306; cat <&3' 2>&1 || :`);
  await onAll(async (name) => t.notRegex(await stranger(name), /app/, name));
});

each('a drained server stays drained, whatever reloads HAProxy', async (t, name) => {
  await socket(name, 'set server web/app1 state drain; set server web/app2 weight 50%');
  const kept = {app1: 'drained, weight 100', app2: 'ready, weight 50'};
  await askHost(name, 'systemctl reload haproxy');
  t.deepEqual(await adminStates(name, 'web'), kept);
  await mustRun(['apply', '--yes', ...(await playbookFor({maxConnections: '1001'})), '--limit', name]);
  t.deepEqual(await adminStates(name, 'web'), kept);
  t.deepEqual(
    (await times(4, () => ask(site(name), '/'))).map(({body}) => body),
    ['app2', 'app2', 'app2', 'app2'],
  );
  await socket(name, 'set server web/app1 state ready; set server web/app2 weight 100%');
});

test('balancer-tls: reloads and a new certificate break no request', async (t) => {
  const serials = () => Promise.all(NAMES.map((name) => handshake(site(name), 'TLSv1.3')));
  const before = await serials();
  await certify();
  for (const name of NAMES) {
    const seen = await underLoad(site(name), async () => {
      await askHost(name, 'for i in 1 2 3 4; do systemctl reload haproxy; sleep 0.5; done');
      await mustRun(['apply', '--yes', ...args, '--limit', name]);
    });
    for (const [kind, {answers, failures}] of Object.entries(seen)) {
      t.deepEqual(failures, [], `${name} ${kind}`);
      t.true(answers > 0, `${name} ${kind}`);
    }
  }
  for (const [index, after] of (await serials()).entries()) t.notDeepEqual(after, before[index]);
});

each('requests stand in the journal', async (t, name) => {
  await ask(site(name), '/for-the-journal');
  t.regex(await journal(name), /^198\.18\.0\.1:\d+ .* web\/app\d .*"GET \S*\/for-the-journal HTTP\/1\.1"$/m);
});

/** A test of all balancers at once. */
function each(title: string, run: (t: ExecutionContext, name: Name) => Promise<void>): void {
  test(`balancer-tls: ${title}`, (t) => onAll((name) => run(t, name)));
}

async function onAll(act: (name: Name) => Promise<unknown>): Promise<void> {
  await Promise.all(NAMES.map(act));
}

/** What Node says when the server's alert is that it does not speak this version. */
const REFUSED = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';

const site = (name: Name, port = 443) => ({address: LB[name].address, port, ca: authority.certificate, name: SITE});

/** Arguments for the playbook, with these variables. */
async function playbookFor(vars: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const servers = Object.entries(SERVERS).map(([name, address]) => [name, {address, groups: ['web']}]);
  const inventory = await writeInventory({...LB, ...Object.fromEntries(servers)}, {certificates: directory, ...vars});
  return ['--inventory', inventory, '--playbook', 'test/hosts/playbooks/balancer-tls.ts'];
}

/** Certificate and key of a server, in one. */
async function leaf(name: string): Promise<string> {
  const {certificate, key} = await authority.issue({names: [name], usage: 'server'});
  return `${certificate}${key.reveal()}`;
}

/** A new certificate for the site, where the playbook looks for it. */
async function certify(): Promise<void> {
  const {certificate, key} = await authority.issue({names: [SITE], usage: 'server'});
  await writeFile(path.join(directory, 'site.crt'), certificate);
  await writeFile(path.join(directory, 'site.key'), key.reveal(), {mode: 0o600});
}

async function times<Result>(count: number, act: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let done = 0; done < count; done += 1) results.push(await act());
  return results;
}
