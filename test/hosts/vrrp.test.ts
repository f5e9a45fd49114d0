import {setTimeout as sleep} from 'node:timers/promises';
import {RELEASES, sharedHosts} from '../support/hosts.js';
import {askHost, labTest as test, writeInventory} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';
import {forge} from '../support/vrrp.js';

/*
 * Three balancers of three releases behind one address, and somebody who sends VRRP in the name of one of them. What
 * comes from this machine with fewer than 255 hops to go is as if it came from another network.
 */

const VIRTUAL = '198.18.0.247';
const ROUTER = 247;

const HOSTS = {
  'rel-12': {...RELEASES['rel-12'], groups: ['lb']},
  'rel-13': {...RELEASES['rel-13'], groups: ['lb']},
  'rel-sid': {...RELEASES['rel-sid'], groups: ['lb']},
} as const;
type Name = keyof typeof HOSTS;
const NAMES = Object.keys(HOSTS) as Name[];

const PLAYBOOK = `import {firewall, haproxy, keepalived, play, playbook} from 'infra';
export default playbook('vrrp', [
  play('balancer', {hosts: 'lb'}, [firewall(), haproxy({backend: 'lb', backendPort: 81}), keepalived({address: '${VIRTUAL}'})]),
]);
`;

let project: Project;
let args: readonly string[] = [];

test.before(async () => {
  await sharedHosts(RELEASES, NAMES);
  args = ['--inventory', await writeInventory(HOSTS), '--playbook', 'site.ts'];
  project = await newProject(PLAYBOOK);
});

test('balancers of three releases take the configuration, and one has the address', async (t) => {
  const {code, stdout, stderr} = await project.run(['apply', '--yes', ...args]);
  t.is(code, 0, stdout + stderr);
  for (const name of NAMES) await askHost(name, "(trap '' TERM; keepalived -t -f /etc/keepalived/keepalived.conf)");
  // An election takes three advertisements and more: it may last longer than the run.
  await waitUntil((names) => names.length === 1);
  t.is((await holders()).length, 1);
});

for (const name of NAMES) {
  test(`${name}: VRRP from another network takes no address away, by the firewall and by keepalived`, async (t) => {
    await giveTo(name);
    for (const ttl of [1, 64, 254]) {
      await forge(forgedFor(name, ttl), 2);
      t.deepEqual(await holders(), [name], `ttl ${ttl}`);
    }
    await askHost(name, 'nft delete table inet infra');
    await forge(forgedFor(name, 254), 3);
    t.deepEqual(await holders(), [name], 'by keepalived alone');
    await askHost(name, `systemctl restart infra-firewall; ${WITHOUT_TTL}`);
    await forge(forgedFor(name, 254), 3);
    t.deepEqual(await holders(), [name], 'by the firewall alone, although the two have talked with each other');
    await askHost(name, WITH_TTL);
    // What has been tried is VRRP: from the balancers' own network it is believed, which docs/protection.md says.
    const forging = forge(forgedFor(name, 255), 10);
    await waitFor([]);
    await forging;
    await waitFor([name]);
    await giveBack();
  });
}

/** keepalived does not check hops for a while. */
const FILE = '/etc/keepalived/keepalived.conf';
const WITHOUT_TTL = `sed -i.kept 's/ min_ttl.*//' ${FILE}; systemctl reload keepalived; sleep 2`;
const WITH_TTL = `mv ${FILE}.kept ${FILE}; systemctl reload keepalived; sleep 2`;

/** What the next one in the list would say, were it not for the hops. */
function forgedFor(name: Name, ttl: number) {
  const other = NAMES[(NAMES.indexOf(name) + 1) % NAMES.length] ?? name;
  return {from: HOSTS[other].address, to: HOSTS[name].address, ttl, router: ROUTER, addresses: [VIRTUAL]};
}

/** HAProxy runs on this one alone. */
async function giveTo(name: Name): Promise<void> {
  for (const other of NAMES) if (other !== name) await askHost(other, 'systemctl stop haproxy');
  await waitFor([name]);
}

async function giveBack(): Promise<void> {
  for (const name of NAMES) await askHost(name, 'systemctl start haproxy');
}

async function holders(): Promise<readonly Name[]> {
  const held = await Promise.all(NAMES.map((name) => askHost(name, 'ip -oneline address show')));
  return NAMES.filter((_, index) => held[index]?.includes(` ${VIRTUAL}/`));
}

async function waitFor(wanted: readonly Name[]): Promise<void> {
  const held = await waitUntil((names) => String(names) === String(wanted));
  if (held !== undefined)
    throw new Error(`the address is held by ${held.join(' and ') || 'nobody'}, not by ${wanted.join()}`);
}

/** Waits at most 20 s. Who holds the address, where that is not as it should be by then. */
async function waitUntil(right: (names: readonly Name[]) => boolean): Promise<readonly Name[] | undefined> {
  for (let tries = 0; tries < 40; tries++) {
    if (right(await holders())) return undefined;
    await sleep(500);
  }
  return holders();
}
