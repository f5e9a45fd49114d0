import {existsSync, renameSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {openAuthority} from '../../src/authority/index.js';
import type {Leaf} from '../../src/model/index.js';
import {openSecrets} from '../../src/secrets/index.js';
import {renderFiles} from '../../src/tasks/certificate/files.js';
import {daysAgo} from '../support/authority.js';
import {RELEASES, sharedHosts} from '../support/hosts.js';
import {askHost, type Outcome, onHost, type TestHost, labTest as test, writeInventory} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

const HOSTS = {
  'rel-13': {...RELEASES['rel-13'], groups: ['any']},
  'rel-12': {...RELEASES['rel-12'], groups: ['any', 'web']},
  'rel-sid': {...RELEASES['rel-sid'], groups: ['any']},
} satisfies Record<string, TestHost>;
const NAMES = Object.keys(HOSTS);

/** A pair of files, one with both, and what to trust. `more`: further names of the first. */
const playbook = (more = '') => `import {authorityFile, certificateFor, play, playbook} from 'infra';
export default playbook('certificates', async ({authority}) => {
  const ca = await authority();
  return [play('tls', {hosts: 'any'}, [(context) => [
    authorityFile(ca, {path: '/srv/tls/ca.pem'}),
    certificateFor(ca, {names: [context.host.name, context.host.address${more}], path: '/srv/tls/site.crt', key: '/srv/tls/site.key', usage: 'both'}, context),
    certificateFor(ca, {names: [context.host.name], path: '/srv/tls/both.pem'}, context),
  ]])];
});
`;

let project: Project;
let inventory: readonly string[] = [];
let site = 'site.ts';

const infra = (command: string, ...more: readonly string[]): Promise<Outcome> =>
  project.run([command, '--playbook', site, ...inventory, ...more]);

/** Every host's file stands before OpenSSL as its strictest reading of the rules wants it, and its key is its own. */
const SOUND = `cd /srv/tls && openssl verify -x509_strict -purpose sslserver -verify_hostname $(hostname) -CAfile ca.pem site.crt both.pem &&
openssl verify -x509_strict -purpose sslclient -CAfile ca.pem site.crt &&
for key in site.key both.pem; do
  [ "$(stat -c '%a %U %G' $key)" = '600 root root' ] || exit 3
done
[ "$(openssl pkey -in site.key -pubout)" = "$(openssl x509 -in site.crt -noout -pubkey)" ] &&
[ "$(openssl pkey -in both.pem -pubout)" = "$(openssl x509 -in both.pem -noout -pubkey)" ] && ls -A | xargs`;

test.before(async () => {
  project = await newProject(playbook());
  await sharedHosts(RELEASES, NAMES);
  inventory = ['--inventory', await writeInventory(HOSTS)];
});

test('an authority is made once, and what it issues satisfies OpenSSL on every release', async (t) => {
  const first = await infra('apply', '--yes');
  t.is(first.code, 0, first.stdout + first.stderr);
  t.regex(first.stderr, /Made the certification authority "infra-test-\w+ authority"/);
  for (const host of NAMES) t.regex(await askHost(host, SOUND), /\nboth\.pem ca\.pem site\.crt site\.key\n$/);
  const again = await infra('plan', '--detailed-exitcode');
  t.is(again.code, 0, again.stdout + again.stderr);
  t.notRegex(again.stderr, /certification authority/);
});

test('in its last third a certificate is planned to be renewed, and is', async (t) => {
  await putOld('rel-12', 61);
  await putOld('rel-13', 59);
  const plan = await infra('plan');
  t.regex(plan.stdout, /expires: \d{4}-\d\d-\d\d \(less than a third left\) → 90 days after it is issued/);
  t.regex(plan.stdout, /0 to create, 1 to change, 0 to delete/);
  await fixed(t, ['rel-12']);
});

test('what is wrong with a key or with who may read it is planned and fixed', async (t) => {
  await askHost('rel-13', 'cd /srv/tls && chmod 0644 both.pem && cp both.pem site.key');
  await askHost('rel-sid', 'cd /srv/tls && truncate -s 99 site.key && chown daemon both.pem');
  const {stdout} = await infra('plan');
  t.is(stdout.match(/key: another one → belongs to the certificate/g)?.length, 2, stdout);
  t.regex(stdout, /mode: 0644 → 0600/);
  t.regex(stdout, /owner: daemon → root/);
  t.regex(stdout, /0 to create, 4 to change, 0 to delete/);
  await fixed(t, ['rel-13', 'rel-sid']);
});

test('without the identity a plan is made all the same, and what has to be issued fails on its host alone', async (t) => {
  const identity = join(project.directory, '.infra', 'identity.txt');
  t.true(existsSync(identity));
  renameSync(identity, `${identity}.away`);
  const before = await askHost('rel-13', 'sha256sum /srv/tls/*');
  await writeFile(join(project.directory, 'site.ts'), playbook(", 'www.example.org'"));
  const plan = await infra('plan', '--limit', 'rel-13');
  t.is(plan.code, 0, plan.stderr);
  t.regex(plan.stdout, /names: \+ www\.example\.org\n/);
  const apply = await infra('apply', '--yes', '--limit', 'rel-13');
  t.is(apply.code, 1, apply.stdout);
  t.regex(apply.stdout + apply.stderr, /certificate \/srv\/tls\/site\.crt: .*identity/);
  t.is(await askHost('rel-13', 'sha256sum /srv/tls/*'), before);
  renameSync(`${identity}.away`, identity);
  await fixed(t, NAMES);
  t.regex(
    await askHost('rel-13', 'openssl x509 -in /srv/tls/site.crt -noout -ext subjectAltName'),
    /www\.example\.org/,
  );
});

test('balancers get certificates of a public authority by themselves, whichever of them it asks', async (t) => {
  site = resolve('test/hosts/playbooks/acme.ts');
  const apply = await infra('apply', '--yes');
  t.is(apply.code, 0, apply.stdout + apply.stderr);
  for (const host of BALANCERS) {
    // An attempt may be under way since before the other balancer was there.
    await askHost(host, `systemctl start ${REQUEST} || systemctl start ${REQUEST}`);
    t.regex(await askHost(host, SERVED), /^issuer=CN ?= ?Pebble/);
    t.is(await askHost(host, `stat -c '%a %U' ${COMBINED}`), '600 root\n');
  }
  const plan = await infra('plan', '--detailed-exitcode');
  t.is(plan.code, 0, plan.stdout + plan.stderr);
});

test('a balancer renews its certificate without infra, when two thirds of its life are over and not before', async (t) => {
  const before = await askHost('rel-13', SERVED);
  await askHost('rel-13', `systemctl start ${REQUEST}`);
  t.is(await askHost('rel-13', SERVED), before);
  const {certificate} = await issueAgo(61, ['www.example.test']);
  const issued = '/var/lib/private/acme-port-443/certificates/www.example.test.crt';
  await askHost('rel-13', `cat >${issued} <<'END'\n${certificate}END\nsystemctl start ${REQUEST}`);
  const after = await askHost('rel-13', SERVED);
  t.regex(after, /^issuer=CN ?= ?Pebble/);
  t.not(after, before);
  t.is((await infra('plan', '--detailed-exitcode')).code, 0);
});

test('a renewed certificate that HAProxy cannot load is taken back', async (t) => {
  const old = await askHost('rel-sid', `sha256sum ${COMBINED}`);
  await askHost('rel-sid', 'echo nonsense >>/etc/haproxy/haproxy.cfg; rm /var/lib/private/acme-port-443/names');
  const {code} = await onHost('rel-sid', `systemctl start ${REQUEST}`);
  t.not(code, 0);
  t.is(await askHost('rel-sid', `sha256sum ${COMBINED}; ls -A /etc/haproxy/certs`), `${old}port-443.pem\n`);
  t.is((await infra('apply', '--yes')).code, 0);
  await askHost('rel-sid', `systemctl start ${REQUEST}`);
  t.not(await askHost('rel-sid', `sha256sum ${COMBINED}`), old);
});

const BALANCERS = ['rel-13', 'rel-sid'];
const REQUEST = 'acme-port-443.service';
const COMBINED = '/etc/haproxy/certs/port-443.pem';
const SERVED =
  'openssl s_client -connect 127.0.0.1:443 -servername www.example.test </dev/null 2>/dev/null | openssl x509 -noout -issuer -serial';

/** Applying makes every one of these sound, and leaves nothing to do. */
async function fixed(t: {is(actual: unknown, expected: unknown, message?: string): void}, hosts: readonly string[]) {
  const apply = await infra('apply', '--yes');
  t.is(apply.code, 0, apply.stdout + apply.stderr);
  for (const host of hosts) await askHost(host, SOUND);
  t.is((await infra('plan', '--detailed-exitcode')).code, 0);
}

/** Puts a real certificate of the project's authority on a host, as it was issued `days` days ago. */
async function putOld(host: keyof typeof HOSTS, days: number): Promise<void> {
  const {certificate, key} = renderFiles(await issueAgo(days, [host, HOSTS[host].address]), true);
  await askHost(
    host,
    `cd /srv/tls && cat >site.crt <<'END'\n${certificate}END\ncat >site.key <<'END'\n${key?.reveal()}END`,
  );
}

async function issueAgo(days: number, names: readonly string[]): Promise<Leaf> {
  const secrets = await openSecrets({root: project.directory, env: {}});
  const authority = await openAuthority({
    directory: join(project.directory, 'secrets'),
    name: 'unused',
    keys: {keep: (name, make) => secrets.keep(name, async () => make(), {file: 'authority'})},
    notice: () => {},
    now: () => daysAgo(days),
  });
  return authority.issue({names, usage: 'both'});
}
