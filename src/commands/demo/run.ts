import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {loadInventory} from '../../inventory/index.js';
import type {Project} from '../../local/project.js';
import {nodeProgram} from '../../local/this-machine.js';
import {type Host, InputError, type Inventory, type StyledText, styled} from '../../model/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {fetchPage, type PageRequest} from './site-client.js';

/** The program. */
const INFRA = fileURLToPath(new URL('../../../../bin/infra', import.meta.url));
/** The certificate of the project's authority. */
const AUTHORITY = 'secrets/authority.crt';
/** Requests through each balancer. */
const REQUESTS = 6;

/** Runs the steps of the demonstration one by one, each as a user would type it. Returns the exit code. */
export function demo(project: Project, file: string): Promise<number> {
  const out = openConsole(project);
  const say: Say = (text) => out.print(styled`${text}\n`);
  return reportingFaults(out, async () => {
    const inventory = loadInventory(file);
    step(say, 'Boot the hosts');
    run(say, ['lab', 'up', '--install', '--inventory', file]);
    step(say, 'Bring them from bare to a working site');
    run(say, ['apply', '--yes', '--inventory', file]);
    step(say, 'Fetch the page through each balancer');
    for (const address of entryAddresses(inventory)) await fetchThrough(say, inventory, address);
    step(say, 'Write through the page at each balancer, and read it there');
    for (const address of entryAddresses(inventory)) await writeThrough(say, inventory, address);
    step(say, 'Write a row on the primary, read it on the replica');
    replicate(say, members(inventory, 'primary'), members(inventory, 'replica'));
    step(say, 'Apply again: nothing is left to do');
    run(say, ['apply', '--yes', '--inventory', file]);
    run(say, ['plan', '--detailed-exitcode', '--inventory', file], 'ignore');
    const [entry] = entryAddresses(inventory);
    const name = domainOf(inventory);
    say(styled`\nEverything works. The hosts stay up:
  curl -i --cacert ${AUTHORITY} --resolve ${name}:443:${entry ?? ''} https://${name}/
  bin/infra lab ssh ${members(inventory, 'lb')[0]?.name ?? ''}
  bin/infra plan --inventory ${file}
  bin/infra lab down`);
    return 0;
  });
}

type Say = (text: StyledText) => void;

const step = (say: Say, title: string) => say(styled`\n== ${title}`);

function run(say: Say, args: readonly string[], stdout: 'inherit' | 'ignore' = 'inherit'): void {
  say(styled`$ infra ${args.join(' ')}`);
  const {status} = spawnSync(nodeProgram, [INFRA, ...args], {stdio: ['ignore', stdout, 'inherit']});
  if (status !== 0) throw new InputError([{message: `infra ${args[0]} ended with exit code ${status}`}]);
}

function members(inventory: Inventory, group: string): readonly Host[] {
  const hosts = inventory.groups.get(group) ?? [];
  if (hosts.length > 0) return hosts;
  throw new InputError([{message: `${inventory.file} has no hosts in the group ${group}`}]);
}

/** The addresses for clients: the one that the balancers share, if any, and each balancer's own. */
function entryAddresses(inventory: Inventory): readonly string[] {
  const balancers = members(inventory, 'lb');
  const shared = balancers.flatMap(({vars}) => [vars.virtualAddress ?? []].flat().map(String));
  return [...new Set([...shared, ...balancers.map(({address}) => address)])];
}

function domainOf(inventory: Inventory): string {
  return String(members(inventory, 'lb')[0]?.vars.domain ?? 'www.infra.test');
}

/** The site at one address. */
function siteAt(inventory: Inventory, address: string): PageRequest {
  return {address, name: domainOf(inventory), authority: readFileSync(AUTHORITY, 'utf8')};
}

/** Checks that every web server answers, and all with the same page. */
async function fetchThrough(say: Say, inventory: Inventory, address: string): Promise<void> {
  const site = siteAt(inventory, address);
  const servers: string[] = [];
  const pages = new Set<string>();
  for (let count = 0; count < REQUESTS; count += 1) {
    const {server, status, body} = await fetchPage(site);
    servers.push(`${server} ${status}`);
    pages.add(withoutTokens(body));
  }
  say(styled`$ curl https://${site.name}/   (${REQUESTS} times, at ${address})\n${servers.join(', ')}`);
  const silent = members(inventory, 'web').filter(({name}) => !servers.includes(`${name} 200`));
  if (silent.length > 0) throw new InputError([{message: `no answer from ${silent.map(({name}) => name).join(', ')}`}]);
  if (pages.size !== 1) throw new InputError([{message: 'the web servers serve different pages'}]);
}

/** A page without the random names in its form, which are new each time. */
export const withoutTokens = (body: string) => body.replaceAll(/[0-9a-f]{32}/g, '');

/** Writes an entry in the guestbook and checks that the page shows it. Says so where the site has no guestbook. */
async function writeThrough(say: Say, inventory: Inventory, address: string): Promise<void> {
  const site = siteAt(inventory, address);
  const {readFrom} = await fetchPage(site);
  if (readFrom === '') return say(styled`The page at ${address} does not use the database.`);
  const message = `written at ${address}, ${new Date().toISOString()}`;
  const form = {message, token: randomBytes(16).toString('hex')};
  const written = await fetchPage({...site, form});
  const page = await fetchPage({...site, path: written.location || '/'});
  say(styled`$ curl --data-urlencode 'message=${message}' https://${site.name}/   (at ${address})
${written.server} wrote on ${written.writtenOn}; ${page.server} read from ${page.readFrom}`);
  if (written.status === 303 && page.body.includes(message)) return;
  throw new InputError([{message: `the entry is not on the page: ${written.status} ${noticeOf(written.body)}`}]);
}

/** What the page says of a failure. */
const noticeOf = (body: string) => /role="alert">([^<]*)/.exec(body)?.[1] ?? '';

function replicate(say: Say, [primary]: readonly Host[], replicas: readonly Host[]): void {
  const note = `written on ${primary?.name} at ${new Date().toISOString()}`;
  sql(
    primary,
    `CREATE DATABASE IF NOT EXISTS demo; CREATE TABLE IF NOT EXISTS demo.notes (note VARCHAR(100) PRIMARY KEY);
INSERT INTO demo.notes VALUES ('${note}')`,
  );
  for (const replica of replicas) {
    const wanted = `SELECT note FROM demo.notes WHERE note = '${note}'`;
    const found = sql(replica, `DO SLEEP(1); ${wanted}`);
    if (!found.includes(note)) throw new InputError([{message: `${replica.name} does not have the row`}]);
    say(styled`${replica.name}: ${found.trim()}`);
  }
}

function sql(host: Host | undefined, statements: string): string {
  const client = '"$(command -v mariadb || command -v mysql)"';
  const args = ['lab', 'ssh', host?.name ?? '', `sudo ${client} -N`];
  const {status, stdout, stderr} = spawnSync(nodeProgram, [INFRA, ...args], {input: statements, encoding: 'utf8'});
  if (status === 0) return stdout;
  throw new InputError([{message: `the database on ${host?.name} failed: ${stderr.trim()}`}]);
}
