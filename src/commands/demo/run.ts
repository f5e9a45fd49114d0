import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {get} from 'node:https';
import {fileURLToPath} from 'node:url';
import {loadInventory} from '../../inventory/index.js';
import type {Project} from '../../local/project.js';
import {nodeProgram} from '../../local/this-machine.js';
import {type Host, InputError, type Inventory, type StyledText, styled} from '../../model/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';

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

/** Checks that every web server answers, and all with the same page. */
async function fetchThrough(say: Say, inventory: Inventory, address: string): Promise<void> {
  const name = domainOf(inventory);
  const authority = readFileSync(AUTHORITY, 'utf8');
  const servers: string[] = [];
  const pages = new Set<string>();
  for (let count = 0; count < REQUESTS; count += 1) {
    const {server, status, body} = await fetchPage({address, name, authority});
    servers.push(`${server} ${status}`);
    pages.add(body);
  }
  say(styled`$ curl https://${name}/   (${REQUESTS} times, at ${address})\n${servers.join(', ')}`);
  const silent = members(inventory, 'web').filter(({name}) => !servers.includes(`${name} 200`));
  if (silent.length > 0) throw new InputError([{message: `no answer from ${silent.map(({name}) => name).join(', ')}`}]);
  if (pages.size !== 1) throw new InputError([{message: 'the web servers serve different pages'}]);
}

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

/** A request for a page of a site at one address, whatever the name resolves to. */
interface PageRequest {
  readonly address: string;
  /** The site's name, which its certificate must have. */
  readonly name: string;
  /** The certificate of the trusted authority: PEM. */
  readonly authority: string;
}

interface SitePage {
  readonly status: number;
  /** The web server that answered, by its own header. */
  readonly server: string;
  readonly body: string;
}

/** Fetches `/` over a new connection. Rejects when there is no answer within ten seconds, or a wrong certificate. */
export function fetchPage({address, name, authority}: PageRequest): Promise<SitePage> {
  return new Promise((resolve, reject) => {
    const options = {host: address, servername: name, ca: authority, agent: false, timeout: 10_000};
    const request = get({...options, path: '/', headers: {host: name}}, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({status: response.statusCode ?? 0, server: String(response.headers['x-served-by'] ?? ''), body});
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${address} within ten seconds`)));
    request.on('error', reject);
  });
}
