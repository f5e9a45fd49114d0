import {readFileSync} from 'node:fs';
import type {ExecutionContext} from 'ava';

import {fetchPage} from '../../src/commands/demo/site-client.js';
import {bareHosts} from './hosts.js';
import {askHost, infra, mustRun, type Outcome, onHost, type TestHost, labTest as test} from './lab.js';

import {announced, applied, truthful} from './truth.js';

/** The classic three servers of one Debian release: a balancer and two that carry everything else. */
export interface ThreeServers {
  readonly suite: 'trixie' | 'bookworm' | 'sid';
  /** Last byte of the balancer's address; the other two follow. */
  readonly first: number;
  /** Variables for the database servers. */
  readonly vars?: Readonly<Record<string, string>>;
}

export interface Site {
  readonly balancer: string;
  readonly primary: string;
  readonly replica: string;
  /** Where the balancer is. */
  readonly address: string;
  /** Arguments that name the inventory. */
  readonly inventory: () => readonly string[];
}

/** The tests that every release must pass, in order, from bare hosts on. */
export function testSite({suite, first, vars = {}}: ThreeServers): Site {
  const [balancer, primary, replica] = [`${suite}-lb`, `${suite}-one`, `${suite}-two`];
  const address = (index: number) => `198.18.0.${first + index}`;
  let file = '';
  const site: Site = {balancer, primary, replica, address: address(0), inventory: () => ['--inventory', file]};

  test.before(async () => {
    const both = {suite, vars};
    file = await bareHosts({
      [balancer]: {address: address(0), groups: ['lb'], suite},
      [primary]: {address: address(1), groups: ['web', 'db', 'primary'], ...both},
      [replica]: {address: address(2), groups: ['web', 'db', 'replica'], ...both},
    } satisfies Record<string, TestHost>);
  });

  test(`${suite}: a plan of bare hosts exits with 2`, async (t) => {
    const outcome = await infra(['plan', '--detailed-exitcode', ...site.inventory()]);
    t.is(outcome.code, 2, outcome.stdout + outcome.stderr);
  });

  test(`${suite}: apply brings bare hosts to the site, does what was planned, and leaves nothing to do`, async (t) => {
    const plan = await announced(site.inventory());
    truthful(t, plan, await applied(site.inventory()));
    await nothingToDo(t, site);
  });

  test(`${suite}: the balancer gives out both web servers, with the same page`, async (t) => {
    const answers = await fetchMany(site.address, 6);
    t.deepEqual(serversOf(answers), [primary, replica]);
    t.is(new Set(answers.map(({body}) => body)).size, 1);
  });

  test(`${suite}: a row written on the primary is read on the replica`, async (t) => {
    const client = '$(command -v mariadb || command -v mysql)';
    await askHost(
      primary,
      `echo "CREATE DATABASE proof; CREATE TABLE proof.t (id INT PRIMARY KEY);
INSERT INTO proof.t VALUES (42)" | ${client}`,
    );
    const read = `for i in 1 2 3 4 5 6 7 8 9 10; do echo 'SELECT id FROM proof.t' | ${client} -N && break; sleep 0.5; done`;
    t.is((await askHost(replica, read)).trim(), '42');
    const refusal = await onHost(replica, `echo 'CREATE DATABASE not_here' | runuser -u nobody ${client}`);
    t.not(refusal.code, 0);
    t.regex(await askHost(replica, `echo 'SELECT @@global.read_only' | ${client} -N`), /1/);
    await nothingToDo(t, site);
  });

  test(`${suite}: the application reaches the primary and a replica through the balancer, verified`, async (t) => {
    const password = (await mustRun(['secrets', 'get', 'mysql/app'])).stdout.trim();
    await askHost(primary, `echo '${site.address} db.www.infra.test' >>/etc/hosts`);
    const ask = (port: number) => askHost(primary, throughDoor(port, password));
    t.is((await ask(3306)).trim(), `${primary}\t0`);
    t.is((await ask(3307)).trim(), `${replica}\t1`);
  });

  test(`${suite}: nothing of infra is left but its state directory and the settings that were asked for`, async (t) => {
    for (const host of [balancer, primary, replica]) {
      const found = await askHost(host, "find / -xdev -iname '*infra*' -not -path '/proc/*' | sort");
      const names = found.split('\n').filter((name) => name !== '');
      t.deepEqual(
        names.filter((name) => !/^\/(etc|var\/lib\/infra)(\/|$)/.test(name)),
        [],
        host,
      );
    }
  });

  return site;
}

/** Asks the server behind a port of the balancer, as an application that checks the certificate's name does. */
function throughDoor(port: number, password: string): string {
  return `umask 077; trap 'rm -f /root/door.cnf' EXIT; printf '[client]\\npassword=%s\\n' '${password}' >/root/door.cnf
if client=$(command -v mariadb); then verify=--ssl-verify-server-cert; else client=mysql verify=--ssl-mode=VERIFY_IDENTITY; fi
echo 'SELECT @@hostname, @@global.read_only' | "$client" --defaults-file=/root/door.cnf -N -u app \\
  --host=db.www.infra.test --port=${port} --ssl-ca=/etc/mysql/tls/ca.pem "$verify"`;
}

/** Both forms of "nothing": apply says so and does nothing, plan exits with 0. */
export async function nothingToDo(t: ExecutionContext, {inventory}: Site): Promise<void> {
  const outcome = await infra(['plan', '--detailed-exitcode', ...inventory()]);
  t.is(outcome.code, 0, outcome.stdout + outcome.stderr);
  t.regex((await mustRun(['apply', '--yes', ...inventory()])).stdout, /^No changes\./m);
}

/** `type id` of everything that a plan's text lists, in order. */
export function listed({stdout}: Outcome): string[] {
  return stdout.split('\n').flatMap((line) => /^ {4}[+~!?-] (\S+ \S+)/.exec(line)?.[1] ?? []);
}

export interface Answer {
  readonly status: number;
  readonly server: string;
  readonly body: string;
}

/** Pages of the site, one after another, each on a connection of its own. A request that fails counts as status 0. */
export async function fetchMany(address: string, count: number, pause = 0): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let done = 0; done < count; done += 1) {
    answers.push(await fetchOnce(address));
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return answers;
}

async function fetchOnce(address: string): Promise<Answer> {
  try {
    const authority = readFileSync('secrets/authority.crt', 'utf8');
    return await fetchPage({address, name: 'www.infra.test', authority});
  } catch (error) {
    return {status: 0, server: '', body: String(error)};
  }
}

export const serversOf = (answers: readonly Answer[]) => [...new Set(answers.map(({server}) => server))].sort();
