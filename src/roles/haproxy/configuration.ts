import {
  type Audience,
  atLeast,
  type Facts,
  privateAddressOf,
  type RoleContext,
  renderNetwork,
  versionsOf,
} from '../../model/index.js';
import {CLAIMED_PREFIXES, OTHER_CLAIMED_NAMES} from '../shared/claimed-headers.js';
import {bracketed, membersOf, optionalGroup} from '../shared/members.js';
import {tlsSettings} from '../shared/mozilla.js';
import {sourcesOf} from '../shared/sources.js';
import {AUTHORITY_FILE, certificateFile} from './certificates.js';
import type {Balancer, Databases, Stats} from './options.js';
import {backendName, type Service} from './service-options.js';

/** The variables of the template `haproxy/haproxy.cfg`. */
export function configurationOf(balancer: Balancer, context: RoleContext): Readonly<Record<string, unknown>> {
  const {services, ipv6, databases, stats} = balancer;
  const versions = versionsOf(context.facts);
  const encrypts = services.some(({tls, backendTls}) => tls !== undefined || backendTls !== undefined);
  return {
    claimed: {prefixes: CLAIMED_PREFIXES, names: OTHER_CLAIMED_NAMES},
    maxConnections: balancer.maxConnections ?? connectionsFor(context.facts),
    ipv6,
    encryption: encrypts ? tlsSettings('intermediate', versions.openssl) : undefined,
    services: services.map((each) => serviceView(each, context)),
    databases: databases && databaseView(databases, context),
    // Until its first check a server counts as up; only later versions have an option for that.
    startsDown: atLeast(versions.haproxy, [3, 1]),
    stats: stats && statsView(stats, context),
  };
}

function serviceView(service: Service, context: RoleContext) {
  const {port, backend, backendPort, backendTls, mode, tls, rateLimit} = service;
  const servers = membersOf(backend, 'haproxy', context).map((host, index) => ({
    name: host.name,
    address: `${bracketed(privateAddressOf(host))}:${backendPort}`,
    backup: mode === 'active-passive' && index > 0,
  }));
  return {
    ...{port, servers, rateLimit},
    name: backendName(service),
    balance: service.balance,
    serverConnections: service.serverConnections,
    authority: backendTls && AUTHORITY_FILE,
    health: {path: service.healthPath, text: service.healthText, host: tls?.names[0] ?? backendName(service)},
    tls: tls && {
      file: certificateFile(service),
      isModern: tls.profile === 'modern',
      hsts: tls.hsts,
      name: tls.names.find((name) => !isWild(name)),
      hosts: hostsOf(tls.names),
      redirectFrom: tls.redirectFrom === false ? undefined : tls.redirectFrom,
      thumbprint: 'accountKey' in tls.certificate ? tls.certificate.accountKey.thumbprint : undefined,
    },
  };
}

const isWild = (name: string) => name.startsWith('*');

/** How an ACL matches the site's own names: exactly, or by their end if they begin with `*`. */
function hostsOf(names: readonly string[]) {
  return [
    {match: 'str', names: names.filter((name) => !isWild(name))},
    {match: 'end', names: names.filter(isWild).map((name) => name.slice(1))},
  ].filter((each) => each.names.length > 0);
}

function databaseView(databases: Databases, context: RoleContext) {
  const {group, write, read, from, serverPort, checkPort} = databases;
  const servers = membersOf(group, 'haproxy', context).map((host) => ({
    name: host.name,
    address: `${bracketed(privateAddressOf(host))}:${serverPort}`,
  }));
  return {
    write,
    read,
    checkPort,
    servers,
    connections: connectionsTo(databases, context),
    allowed: allowed(from, context),
  };
}

/**
 * How many connections this balancer makes to a server. A primary may have readers too, while no replica is healthy:
 * they get a quarter, so that they cannot take the connections of the writers.
 */
function connectionsTo({serverConnections, balancers}: Databases, context: RoleContext) {
  const share = Math.max(
    2,
    Math.floor(serverConnections / Math.max(1, optionalGroup(balancers, 'lb', context).length)),
  );
  const readsOfPrimary = Math.max(1, Math.floor(share / 4));
  return {write: share - readsOfPrimary, read: share, readsOfPrimary};
}

function statsView({from, port}: Stats, context: RoleContext) {
  return {address: `${bracketed(privateAddressOf(context.host))}:${port}`, allowed: allowed(from, context)};
}

/** The addresses for an ACL; undefined for everyone. */
function allowed(from: readonly Audience[], context: RoleContext): string | undefined {
  const sources = sourcesOf(from, context);
  return sources === 'any' ? undefined : sources.map(renderNetwork).join(' ');
}

/**
 * Connections at once for which a quarter of the host's memory is enough: a power of two from 1024 to 65536, so that a
 * little more or less memory after a kernel update changes nothing. 8192 with 2 GiB. A connection takes about 64 KiB:
 * two buffers of 16 KiB (`tune.bufsize`) and the state of two TLS sessions.
 */
function connectionsFor({memory}: Pick<Facts, 'memory'>): number {
  const fitting = memory / 4 / PER_CONNECTION;
  return Math.min(65_536, Math.max(1024, 2 ** Math.floor(Math.log2(fitting))));
}

const PER_CONNECTION = 64 * 1024;
