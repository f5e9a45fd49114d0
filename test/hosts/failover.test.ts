import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {cutOff, hostProcess} from '../../src/lab/hosts/boot.js';
import {initOf, runInside} from '../../src/lab/hosts/inside.js';
import {labPaths} from '../../src/lab/lab.js';
import {run} from '../../src/lab/machine/run.js';
import {bareHosts} from '../support/hosts.js';
import {askHost, mustRun, labTest as test} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';
import {lost, startLoad} from '../support/steady-load.js';

/*
 * Two balancers behind one address, under 50 requests a second. A request counts as lost when the web server itself
 * answered at that moment.
 */

const VIRTUAL = '198.18.0.200';
const VIRTUAL6 = 'fd12:c618::200';
const WEB = '198.18.0.92';

const HOSTS = {
  'fail-lb1': {address: '198.18.0.90', groups: ['lb']},
  'fail-lb2': {address: '198.18.0.91', groups: ['lb']},
  'fail-web': {address: WEB, groups: ['web']},
};

const PLAYBOOK = `import {firewall, haproxy, keepalived, nginx, play, playbook} from 'infra';
const changed = process.env.CHANGED !== undefined;
export default playbook('failover', [
  play('web', {hosts: 'web'}, [nginx({port: 80})]),
  play('balancer', {hosts: 'lb', needs: ['web']}, [
    firewall(),
    haproxy({backend: 'web', maxConnections: changed ? 5000 : 4000}),
    keepalived({address: ['${VIRTUAL}', '${VIRTUAL6}', ...(changed ? ['198.18.0.201'] : [])]}),
  ]),
]);
`;

/** Three seconds of the load. */
const MOST_LOST = 150;

let project: Project;
let inventory: readonly string[] = [];

test.before(async () => {
  inventory = ['--inventory', await bareHosts(HOSTS), '--playbook', 'site.ts'];
  project = await newProject(PLAYBOOK);
});

async function apply(t: ExecutionContext, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const {code, stdout, stderr} = await project.run(['apply', '--yes', ...inventory], env);
  t.is(code, 0, stdout + stderr);
}

/** The balancers that have both addresses, seen from outside; one that has only one of them is told apart. */
async function holders(): Promise<readonly string[]> {
  const found = await Promise.all(
    ['fail-lb1', 'fail-lb2'].map(async (name) => {
      const stdout = await addressesOf(name);
      const held = [VIRTUAL, VIRTUAL6].filter((address) => stdout.includes(` ${address}/`));
      return held.length === 1 ? [`${name}: only ${held[0]}`] : held.slice(0, 1).map(() => name);
    }),
  );
  return found.flat();
}

/** Needs no network; empty for a host that is off. */
async function addressesOf(name: string): Promise<string> {
  const running = hostProcess(labPaths(process.cwd(), process.env), name);
  const init = running && initOf(running);
  return init ? (await runInside(init, ['ip', '-oneline', 'address', 'show'])).stdout : '';
}

/** The one balancer that has the addresses, waited for. */
async function holder(isWanted: (name: string) => boolean = () => true): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    const [name = '', ...others] = await holders();
    if (others.length === 0 && isWanted(name) && name in HOSTS) return name;
    await sleep(500);
  }
  throw new Error(`the addresses are held by ${(await holders()).join(' and ') || 'nobody'}`);
}

/** Breaks the active balancer: another takes over within three seconds of requests, and fixing it costs none. */
async function survives(
  t: ExecutionContext,
  breaks: (active: string) => Promise<unknown>,
  fixes: (broken: string) => Promise<unknown>,
): Promise<void> {
  const active = await holder();
  const broken = startLoad([VIRTUAL, WEB]);
  await sleep(1000);
  await breaks(active);
  const next = await holder((name) => name !== active);
  await sleep(1500);
  const missed = lost(await broken.end());
  t.log(`${missed.length} requests lost`);
  t.true(missed.length <= MOST_LOST, `${missed.length} requests lost`);

  const fixed = startLoad([VIRTUAL, WEB]);
  await fixes(active);
  await sleep(3000);
  t.deepEqual(lost(await fixed.end()), [], 'the way back costs nothing');
  t.deepEqual(await holders(), [next]);
}

test('one balancer has the addresses of both families, and both answer', async (t) => {
  await apply(t);
  await holder();
  for (const address of [VIRTUAL, `[${VIRTUAL6}]`]) t.is((await fetch(`http://${address}/`)).status, 200);
  const plan = await project.run(['plan', '--detailed-exitcode', ...inventory]);
  t.is(plan.code, 0, plan.stdout);
});

test('HAProxy is stopped', (t) =>
  survives(
    t,
    (active) => askHost(active, 'systemctl stop haproxy'),
    (broken) => askHost(broken, 'systemctl start haproxy'),
  ));

test('HAProxy hangs', (t) =>
  survives(
    t,
    (active) => askHost(active, 'systemctl kill --signal=STOP haproxy'),
    (broken) => askHost(broken, 'systemctl kill --signal=CONT haproxy'),
  ));

test('keepalived is stopped', (t) =>
  survives(
    t,
    (active) => askHost(active, 'systemctl stop keepalived'),
    (broken) => askHost(broken, 'systemctl start keepalived'),
  ));

test('the network is cut', (t) =>
  survives(
    t,
    (active) => link(active, 'down'),
    (broken) => link(broken, 'up'),
  ));

// The link first: a power cut leaves no process the time to say goodbye.
test('the power is cut', (t) =>
  survives(
    t,
    async (active) => {
      await link(active, 'down');
      await cutOff(labPaths(process.cwd(), process.env), active);
    },
    (broken) => mustRun(['lab', 'reboot', broken]),
  ));

test('HAProxy is killed: systemd starts it again, whichever host has the addresses then', async (t) => {
  const active = await holder();
  const load = startLoad([VIRTUAL, WEB]);
  await sleep(1000);
  await askHost(active, 'kill -KILL $(pidof haproxy)');
  await sleep(3000);
  const missed = lost(await load.end());
  t.log(`${missed.length} requests lost`);
  t.true(missed.length <= MOST_LOST, `${missed.length} requests lost`);
  await askHost(active, 'systemctl is-active haproxy');
  await holder();
});

test('keepalived is killed: its address does not stay behind next to the other balancer', async (t) => {
  const active = await holder();
  await askHost(active, 'kill -KILL $(pidof keepalived)');
  await sleep(3000);
  await holder();
  await askHost(active, 'systemctl is-active keepalived');
  t.is((await holders()).length, 1);
});

test('changes and reloads of HAProxy and keepalived lose no request and move no address', async (t) => {
  const active = await holder();
  const load = startLoad([VIRTUAL, WEB]);
  await apply(t, {CHANGED: '1'});
  for (const name of ['fail-lb1', 'fail-lb2']) await askHost(name, 'systemctl reload haproxy keepalived');
  await apply(t);
  t.deepEqual(lost(await load.end()), []);
  t.deepEqual(await holders(), [active]);
});

/** The lab's end of a host's network cable. */
function link(host: string, state: 'up' | 'down'): Promise<string> {
  return run('ip', ['link', 'set', `vb-${host}`, state]);
}
