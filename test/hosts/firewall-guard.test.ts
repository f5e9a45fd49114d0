import {spawn} from 'node:child_process';
import type {ExecutionContext} from 'ava';
import {bareHosts} from '../support/hosts.js';
import {
  askHost,
  infra,
  mustRun,
  type Outcome,
  onHost,
  type TestHost,
  labTest as test,
  writeTemporary,
} from '../support/lab.js';

/** One of each release: every wrong change is made on all three at once. */
const HOSTS = {
  'guard-13': {address: '198.18.0.56', groups: ['any']},
  'guard-12': {address: '198.18.0.57', groups: ['any'], suite: 'bookworm'},
  'guard-sid': {address: '198.18.0.58', groups: ['any'], suite: 'sid'},
} satisfies Record<string, TestHost>;
const NAMES = Object.keys(HOSTS);

const GOOD = `firewall({allow: [{tcp: 80, from: 'any', because: 'clients'}]})`;

let inventory: readonly string[] = [];
let before: readonly string[] = [];

test.before(async () => {
  inventory = ['--inventory', await bareHosts(HOSTS)];
  await mustRun(['apply', '--yes', ...inventory, ...(await playbookOf(GOOD))]);
  before = await loaded();
  for (const each of before) if (!each.endsWith('# guard\n')) throw new Error(`a guard is left: ${each}`);
});

const BASE = 'policy drop; iif "lo" accept; ct state established,related accept; tcp dport 22 accept;';

/**
 * What somebody may get wrong, and each locks out the user who does it. `table` is the inside of `table inet infra`.
 */
const WRONG: readonly [title: string, item: string][] = [
  ['a rule ahead of all others that drops SSH', `firewall({extra: ['tcp dport 22 drop'], seconds: 6})`],
  ['SSH on a port where nothing listens', 'firewall({ssh: {port: 2222}, seconds: 6})'],
  ['SSH for others alone', table({input: BASE.replace('tcp', 'ip saddr 192.0.2.1 tcp')})],
  ['the running session goes on, no new one may begin', table({input: 'tcp dport 22 ct state new drop;'})],
  ['what is established is dropped', table({input: 'ct state established drop;'})],
  ['a chain without rules, which drops all', table({input: 'policy drop;'})],
  ['a chain that is asked before all others', table({input: BASE, 'prerouting priority -400': 'policy drop;'})],
  ['nothing may leave the host', table({input: BASE, output: 'policy drop;'})],
];

/** A whole table of one's own, by what its chains hold; they hook in where their names say. */
function table(chains: Readonly<Record<string, string>>): string {
  const lines = Object.entries(chains).flatMap(([hook, rules], index) => {
    const priority = hook.includes('priority') ? '' : ' priority filter';
    return [`chain c${index} {`, `type filter hook ${hook}${priority};`, ...rules.split('; '), '}'];
  });
  return `firewallRules({seconds: 6, rules: ${JSON.stringify(`${lines.join('\n')}\n`)}})`;
}

for (const [title, item] of WRONG) {
  test(`a wrong change is undone by the host itself: ${title}`, async (t) => {
    const {code, stdout, stderr} = await apply(item);
    t.is(code, 1, stdout + stderr);
    for (const name of NAMES)
      t.regex(stdout + stderr, new RegExp(`${name} could not be reached over a new connection`));
    await asBefore(t);
  });
}

test('rules that nft does not understand are refused before anything is loaded', async (t) => {
  const {code, stdout, stderr} = await apply(`firewall({extra: ['tcp dport twenty-two drop'], seconds: 6})`);
  t.is(code, 1, stdout + stderr);
  t.regex(stdout + stderr, /twenty-two/);
  t.notRegex(stdout + stderr, /could not be reached/);
  await asBefore(t);
});

test('infra is killed while the host waits: the host restores itself', async (t) => {
  await killedWhileWaiting(`firewall({extra: ['tcp dport 22 drop'], seconds: 6})`);
  await reachable();
  await asBefore(t);
});

test('infra is killed and the host is booted again while it waits: it comes up with the old rules', async (t) => {
  await killedWhileWaiting(`firewall({extra: ['tcp dport 22 drop'], seconds: 600})`);
  await mustRun(['lab', 'reboot', ...NAMES]);
  await reachable();
  await asBefore(t);
});

test('a user who runs infra from elsewhere than declared is let in, and the plan says so', async (t) => {
  const elsewhere = `firewall({ssh: {from: {network: '192.0.2.0/24'}}, allow: [{tcp: 80, from: 'any', because: 'clients'}]})`;
  const plan = await run('plan', elsewhere);
  t.regex(plan.stdout, /\+\s+ip saddr 198\.18\.0\.1 tcp dport 22 accept/);
  const {code, stdout, stderr} = await apply(elsewhere);
  t.is(code, 0, stdout + stderr);
  t.is((await run('plan', elsewhere, '--detailed-exitcode')).code, 0);
  t.is((await apply(GOOD)).code, 0);
  await asBefore(t);
});

async function playbookOf(item: string): Promise<readonly string[]> {
  const text = `import {firewall, firewallRules, play, playbook} from 'infra';
export default playbook('guard', [play('firewall', {hosts: 'all'}, [${item}])]);
`;
  return ['--playbook', await writeTemporary('site.ts', text)];
}

async function run(verb: 'plan' | 'apply', item: string, ...more: readonly string[]): Promise<Outcome> {
  const yes = verb === 'apply' ? ['--yes'] : [];
  return infra([verb, ...yes, ...inventory, ...(await playbookOf(item)), ...more]);
}

const apply = (item: string) => run('apply', item);

/** What decides who gets in, and what a guard has on a host: nothing once it is through. */
const READ = `nft --stateless --terse list ruleset | grep -v '# count'; cat /etc/infra-firewall.nft; echo '# guard'
systemctl list-units --no-legend 'infra-guard*'; find /etc/systemd/system /var/lib/infra/guard -name '*guard-*'`;

const loaded = () => Promise.all(NAMES.map((name) => askHost(name, READ)));

/**
 * The rules are the old ones, in the kernel and in the file, nothing of the guard is left, and a plan finds nothing.
 */
async function asBefore(t: ExecutionContext): Promise<void> {
  t.deepEqual(await loaded(), before);
  const plan = await run('plan', GOOD, '--detailed-exitcode');
  t.is(plan.code, 0, plan.stdout + plan.stderr);
}

/** Starts an apply and kills it (SIGKILL) once all hosts wait for their confirmation. */
async function killedWhileWaiting(item: string): Promise<void> {
  const args = ['bin/infra', 'apply', '--yes', '-v', ...inventory, ...(await playbookOf(item))];
  const child = spawn(process.execPath, args, {env: {...process.env, NO_COLOR: '1'}});
  let heard = '';
  await new Promise<void>((resolve, reject) => {
    child.on('close', () => reject(new Error(`it ended before the hosts waited:\n${heard}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        heard += String(chunk);
        if (heard.split('waiting for a new connection').length > NAMES.length) resolve();
      });
    }
  });
  child.removeAllListeners('close');
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Until every host lets a new connection in. */
async function reachable(): Promise<void> {
  for (const name of NAMES) {
    for (let attempt = 0; (await onHost(name, 'true')).code !== 0; attempt += 1) {
      if (attempt === 10) throw new Error(`${name} cannot be reached`);
    }
  }
}
