import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import type {ExecutionContext} from 'ava';

import {withoutTokens} from '../../src/commands/demo/run.js';
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
    const both = {suite, vars: {databaseMemory: 1024, ...vars}};
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
    t.is(new Set(answers.map(({body}) => withoutTokens(body))).size, 1);
    t.deepEqual([...new Set(answers.map(({status}) => status))], [200]);
  });

  test(`${suite}: the page writes on the primary and reads from the replica, by verified TLS`, async (t) => {
    const authority = readFileSync('secrets/authority.crt', 'utf8');
    const at = {address: site.address, name: 'www.infra.test', authority};
    const form = {message: 'Grüße <b>', token: randomBytes(16).toString('hex')};
    for (const attempt of ['first', 'again']) {
      const written = await fetchPage({...at, form});
      t.like(written, {status: 303, writtenOn: primary, location: `/?entry=${form.token}`}, attempt);
    }
    const shows = (body: string) => body.split('Grüße &lt;b&gt;').length - 1;
    t.is(shows((await fetchPage({...at, path: `/?entry=${form.token}`})).body), 1);
    await askHost(primary, stranger(`/etc/systemd/system/guestbook.service.d`));
    const answers = [await fetchPage({...at, form}), await fetchPage({...at, form})];
    const refused = answers.find(({server}) => server === primary);
    t.is(refused?.status, 503);
    t.regex(refused?.body ?? '', /certificate of the database cannot be verified/);
    await askHost(
      primary,
      'rm -r /etc/systemd/system/guestbook.service.d; systemctl daemon-reload; systemctl restart guestbook',
    );
    await nothingToDo(t, site);
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

  test(`${suite}: files of the application lead to the primary and a replica, and only root has those of migrations`, async (t) => {
    const ask = (file: string, suffix = '') =>
      askHost(primary, throughBalancer(file, suffix, 'SELECT @@hostname, @@global.read_only'));
    t.is((await ask('client')).trim(), `${primary}\t0`);
    t.is((await ask('client', '-read')).trim(), `${replica}\t1`);
    t.is((await ask('migrations')).trim(), `${primary}\t0`);
    const table = 'CREATE TABLE app.later (i INT); DROP TABLE app.later';
    t.regex((await onHost(primary, throughBalancer('client', '', table))).stderr, /ERROR 1142 .*CREATE command denied/);
    await askHost(primary, throughBalancer('migrations', '', table));
    const read = (user: string, file: string) => `runuser -u ${user} -- cat /etc/infra/database/${file} >/dev/null`;
    await askHost(primary, read('guestbook', 'client.cnf'));
    await askHost(primary, read('guestbook', 'environment'));
    for (const [user, file] of [
      ['www-data', 'client.cnf'],
      ['www-data', 'environment'],
      ['guestbook', 'migrations.cnf'],
      ['guestbook', 'migrations.environment'],
    ] as const)
      t.not((await onHost(primary, read(user, file))).code, 0, `${user} reads ${file}`);
  });

  test(`${suite}: nothing of infra is left but its state directory and the settings that were asked for`, async (t) => {
    for (const host of [balancer, primary, replica]) {
      const found = await askHost(host, "find / -xdev -iname '*infra*' -not -path '/proc/*' | sort");
      const names = found.split('\n').filter((name) => name !== '');
      t.deepEqual(
        names.filter(
          (name) =>
            !/^\/(etc|var\/lib\/infra|var\/backups\/infra-database|usr\/local\/sbin\/database-backup-store-[^/]*)(\/|$)/.test(
              name,
            ),
        ),
        [],
        host,
      );
    }
  });

  return site;
}

/** Asks the server behind a port of the balancer with an option file of the role `databaseClient`. */
function throughBalancer(file: string, suffix: string, statements: string): string {
  const options = `--defaults-file=/etc/infra/database/${file}.cnf --defaults-group-suffix=${suffix}`;
  return `echo '${statements}' | $(command -v mariadb || command -v mysql) ${options} -N`;
}

/** Has the application verify the database by another authority. */
function stranger(directory: string): string {
  return `mkdir -p ${directory} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \\
  -subj /CN=stranger -keyout /dev/null -out /usr/local/share/stranger.pem 2>/dev/null &&
printf '[Service]\\nBindReadOnlyPaths=/usr/local/share/stranger.pem:/etc/infra/database/ca.pem\\n' \\
  >${directory}/stranger.conf && systemctl daemon-reload && systemctl restart guestbook`;
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
