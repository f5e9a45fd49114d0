import {join} from 'node:path';
import {parseInventory} from '../inventory/index.js';
import {type ScanHostKeys, standingOf, survey, type Transport, trustHostKeys} from '../survey/index.js';
import type {Endpoint, Eyes, Login} from './background-survey.js';
import {expandHome} from './check-certificate.js';

/** Where host keys are known from, and where those that are trusted now are put. */
export interface KnownHosts {
  /** The directory of the project. */
  readonly root: string;
  /** Looked into, never written: the user's own, and the project's. */
  readonly files: readonly string[];
  /** A file of this run's own. */
  readonly trusted: string;
}

/** Looks at real servers, over a transport. */
export function openEyes({root, files, trusted}: KnownHosts, transport: Transport, scan: ScanHostKeys): Eyes {
  return {
    scan: ({address, port = 22}, signal) => scan(address, port, {signal}),
    standing: (key, {address, port = 22}) => standingOf([key], address, port, [...files, trusted]),
    trust: ({address, port = 22}, keys) => trustHostKeys(trusted, address, port, keys),
    survey: (endpoint, login, signal) => survey(hostAt(endpoint, login, {root, trusted}), {transport, signal}),
  };
}

/** A host as the inventory that will be written has it. */
function hostAt({address, port = 22}: Endpoint, {user, identityFile}: Login, known: Omit<KnownHosts, 'files'>) {
  const identity = identityFile ? {identityFile: expandHome(identityFile)} : {};
  const all = {vars: {user, knownHostsFile: known.trusted, ...identity}, hosts: {server: {address, port}}};
  const {hosts} = parseInventory(JSON.stringify({all}), join(known.root, 'inventory', 'hosts.yml'));
  const [host] = hosts;
  if (!host) throw new Error('an inventory of one host has none');
  return host;
}
