import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import type {Choices, ServerChoice, ServerRole, TlsChoice} from '../project/choices.js';
import type {Answers, ServerAnswer} from './answers.js';
import {QUESTIONS} from './questions.js';

/** The choices that follow from answers and servers with their roles; unanswered questions get their default answer. */
export function compileChoices(answers: Answers, servers: readonly ServerChoice[]): Choices {
  const all = withUsual(answers, servers);
  return {
    servers,
    user: all.user ?? 'root',
    identityFile: all.identityFile === '' ? undefined : all.identityFile,
    virtualAddress: all.virtualAddress ?? [],
    domain: all.domain ?? '',
    tls: tlsOf(all),
    database: all.database ?? 'mariadb',
    writes: all.writes ?? 'asynchronous',
    backups: all.backups ?? 'servers',
    content: all.content ?? {kind: 'page'},
    sshFrom: all.sshFrom ?? [],
  };
}

/** The answers, with the default answer to each unanswered question that has one. */
function withUsual(answers: Answers, servers: readonly ServerChoice[]): Answers {
  const all: Answers = {...answers};
  for (const question of QUESTIONS) {
    const usual = question.usual({answers: all, servers});
    if (question.shown(all) !== undefined || usual === undefined) continue;
    const parsed = question.parse(usual, all);
    if (!('fault' in parsed)) Object.assign(all, parsed.value);
  }
  return all;
}

function tlsOf({tls = 'authority', certificate = '', key = '', email = '', directory}: Answers): TlsChoice {
  if (tls === 'files') return {kind: tls, certificate, key};
  return tls === 'acme' ? {kind: tls, email, ...(directory !== undefined && {directory})} : {kind: tls};
}

type Roles = readonly ServerRole[];

const BALANCER: Roles = ['balancer'];
const WEB: Roles = ['web'];
const BOTH: Roles = ['web', 'primary'];
const BOTH_READING: Roles = ['web', 'replica'];

/** The roles by the number of servers. From six on, each further server is a web server. */
const SPLITS: readonly (readonly Roles[])[] = [
  [],
  [],
  [BALANCER, BOTH],
  [BALANCER, BOTH, BOTH_READING],
  [BALANCER, BALANCER, BOTH, BOTH_READING],
  [BALANCER, BALANCER, WEB, BOTH_READING, ['primary']],
  [BALANCER, BALANCER, WEB, WEB, ['primary'], ['replica']],
];

/** The fewest servers for a site: a balancer cannot share its server with a web server. */
export const FEWEST_SERVERS = 2;

/**
 * Gives every server a name and roles, where it has none yet. Servers that join those of an earlier run (`joining`) are
 * web servers; otherwise each gets what is left of the usual split for their number.
 */
export function proposeRoles(servers: readonly ServerAnswer[], joining = false): readonly ServerChoice[] {
  const open = joining ? lacking(servers) : openSplit(servers);
  const withRoles = servers.map(({user: _, ...server}) => ({...server, roles: server.roles ?? open.shift() ?? WEB}));
  return nameAll(withRoles);
}

/** The first server that joins becomes the replica, if there is none. */
function lacking(servers: readonly ServerAnswer[]): Roles[] {
  return servers.some(({roles}) => roles?.includes('replica')) ? [] : [BOTH_READING];
}

/** What is left of the split for their number for servers whose roles are open. */
function openSplit(servers: readonly ServerAnswer[]): Roles[] {
  const open = [...(SPLITS[servers.length] ?? extended(servers.length))];
  for (const {roles} of servers) {
    if (roles === undefined) continue;
    const at = open.findIndex((each) => isSame(each, roles));
    open.splice(at < 0 ? open.findLastIndex((each) => each.some((role) => roles.includes(role))) : at, 1);
  }
  return open;
}

const extended = (count: number) => [...(SPLITS[6] ?? []), ...Array.from({length: count - 6}, () => WEB)];

const isSame = (left: Roles, right: Roles) =>
  left.length === right.length && left.every((role) => right.includes(role));

type Unnamed = Omit<ServerChoice, 'name'> & {readonly name?: string | undefined};

function nameAll(servers: readonly Unnamed[]): readonly ServerChoice[] {
  const taken = new Set(servers.flatMap(({name}) => name ?? []));
  return servers.map((server) => {
    const name = server.name ?? freeName(stemOf(server.roles), taken);
    taken.add(name);
    return {...server, name};
  });
}

function freeName(stem: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
}

function stemOf(roles: Roles): string {
  if (roles.includes('balancer')) return 'lb';
  const database = roles.includes('primary') || roles.includes('replica');
  if (roles.includes('web')) return database ? 'app' : 'web';
  return database ? 'db' : 'host';
}

/**
 * Servers know each other by IP addresses: a server that was given by a DNS name gets the address that this machine
 * resolves it to, IPv4 before IPv6, as its private address, unless that was given. If nothing is found, it stays as it
 * is.
 */
export function withInnerAddresses(servers: readonly ServerChoice[]): Promise<readonly ServerChoice[]> {
  return Promise.all(servers.map(withInnerAddress));
}

async function withInnerAddress(server: ServerChoice): Promise<ServerChoice> {
  if (server.privateAddress !== undefined || isIP(server.address) !== 0) return server;
  try {
    const found = await lookup(server.address, {order: 'ipv4first'});
    return {...server, privateAddress: found.address};
  } catch {
    return server;
  }
}
