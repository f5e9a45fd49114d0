import {get} from 'node:http';
import {bareHosts} from '../support/hosts.js';
import {infra, mustRun, type TestHost, labTest as test, writeInventory} from '../support/lab.js';

/*
 * A plain site that is running is protected by playbooks/hardening.ts, while clients use it.
 */
const LB = '198.18.0.111';
/** What the site serves stays what it was. */
const vars = {content: 'page'};
const HOSTS: Readonly<Record<string, TestHost>> = {
  'phase-lb': {address: LB, groups: ['lb']},
  'phase-one': {address: '198.18.0.112', groups: ['web', 'db', 'primary'], vars},
  'phase-two': {address: '198.18.0.113', groups: ['web', 'db', 'replica'], vars},
};
const PLAIN = ['--playbook', 'test/hosts/playbooks/plain.ts'];
const HARDENING = ['--playbook', 'playbooks/hardening.ts'];

let inventory: readonly string[] = [];
let moving: readonly string[] = [];

test.before(async () => {
  inventory = ['--inventory', await bareHosts(HOSTS)];
  moving = ['--inventory', await writeInventory(HOSTS, {plainPort: 80})];
  await mustRun(['apply', '--yes', ...PLAIN, ...inventory]);
});

test('hardening brings TLS and the firewall to a running site, and no client sees an error', async (t) => {
  const clients = keepAsking();
  const applied = (async () => {
    await mustRun(['apply', '--yes', ...HARDENING, ...moving]);
    await mustRun(['apply', '--yes', ...HARDENING, ...inventory]);
  })();
  const answers = await applied.finally(() => clients.end()).then(() => clients.end());
  t.true(answers.length > 20);
  t.deepEqual(
    answers.filter((status) => status !== 200 && status !== 301),
    [],
  );
  t.is(answers[0], 200);
  t.is(answers.at(-1), 301);
});

test('after it the site as a whole has nothing left to do', async (t) => {
  // Backups are not part of hardening.
  const outcome = await infra(['plan', '--detailed-exitcode', '--skip-tags', 'backup', ...inventory]);
  t.is(outcome.code, 0, outcome.stdout + outcome.stderr);
});

/** Asks for the page over plain HTTP, five times a second, without following where it leads. */
function keepAsking() {
  const answers: number[] = [];
  let isRunning = true;
  const asking = (async () => {
    while (isRunning) {
      answers.push(await askOnce());
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  const end = async () => {
    isRunning = false;
    await asking;
    return answers;
  };
  return {end};
}

function askOnce(): Promise<number> {
  return new Promise((resolve) => {
    const options = {host: LB, agent: false, timeout: 20_000, headers: {host: 'www.infra.test'}};
    const request = get(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve(0));
  });
}
