import {mkdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {type ReachedHost, reach} from '../engine/connect/host-pool.js';
import {inventoryFiles} from '../inventory/variable-files.js';
import {sha256OfAll} from '../local/digest.js';
import type {Project} from '../local/project.js';
import {readIfPossible} from '../local/read-file.js';
import {cacheDirectory} from '../local/this-machine.js';
import {replaceFile} from '../local/write-file.js';
import type {Host} from '../model/index.js';
import {INFRA, loadSources} from '../playbooks/sources.js';
import type {Transport} from '../transport/index.js';
import {defaultInventory} from './default-inventory.js';
import {openTransport} from './transport.js';

/**
 * Connections that begin while the user's files are still being read: only when the files are, byte for byte, those
 * that were found sound the last time, so that they cannot be wrong, and only to the hosts that they led to then.
 */
export interface HeadStart {
  /** The transport of these connections, for all others of the same command. */
  readonly transport: Transport;
  /** The engine's `reach`, with the connection that has begun for this host if there is one. */
  readonly reach: typeof reach;
  /** Remembers that the files are sound and lead to these hosts. */
  remember(hosts: readonly Host[]): void;
  /** Closes the connections that were not used. */
  close(): Promise<void>;
}

/** The options that say which files and hosts a run is about. */
interface Given {
  readonly inventory?: string;
  readonly playbook: string;
  readonly limit?: string;
  readonly verbose?: number;
}

/** What a connection depends on. Variables are left out: they may hold secrets. */
type Address = Pick<Host, 'address' | 'port' | 'user' | 'become' | 'identityFiles' | 'knownHostsFiles'>;

/** Begins connections early, except with -vvv, which reports the times of connections from their beginning. */
export function headStart(
  project: Pick<Project, 'root' | 'env'>,
  options: Given,
  transport = openTransport(project),
): HeadStart {
  const memory = (options.verbose ?? 0) > 2 ? undefined : openMemory(project, options);
  const begun = new Map((memory?.hosts ?? []).map((host) => [keyOf(host), reach(host, transport)]));
  // The caller that uses the connection sees the failure.
  for (const reaching of begun.values()) reaching.catch(() => {});
  return {
    transport,
    reach: (host, by) => {
      const reaching = begun.get(keyOf(host));
      begun.delete(keyOf(host));
      return reaching ?? reach(host, by);
    },
    remember: (hosts) => memory?.write(hosts),
    close: async () => {
      await Promise.all([...begun.values()].map((reaching) => reaching.then(closeIt, () => {})));
    },
  };
}

/** Every connection begins when it is asked for. */
export function noHeadStart(project: Pick<Project, 'env'>): HeadStart {
  return {transport: openTransport(project), reach, remember: () => undefined, close: async () => undefined};
}

const closeIt = ({connection}: ReachedHost) => connection.close();

function keyOf({address, port, user, become, identityFiles, knownHostsFiles}: Address): string {
  return JSON.stringify({address, port, user, become, identityFiles, knownHostsFiles});
}

interface Memory {
  /** None when the files have changed since the last time. */
  readonly hosts: readonly Host[];
  write(hosts: readonly Host[]): void;
}

/** Undefined when the files cannot be read: loading them will report why. */
function openMemory(project: Pick<Project, 'root' | 'env'>, options: Given): Memory | undefined {
  // The content of a file of limits is not known yet.
  if (options.limit?.includes('@')) return undefined;
  try {
    const inventory = path.resolve(options.inventory ?? defaultInventory(project));
    const playbook = path.resolve(options.playbook);
    const file = path.join(
      cacheDirectory(project.env),
      'hosts',
      `${sha256OfAll([inventory, playbook, options.limit ?? '']).slice(0, 16)}.json`,
    );
    const digest = digestOf(inventory, playbook);
    return {hosts: recall(file, digest), write: (hosts) => write(file, digest, hosts)};
  } catch {
    return undefined;
  }
}

/** A digest of the files and of this package: a newer version may find faults in them. */
function digestOf(inventory: string, playbook: string): string {
  const {mtimeMs, size} = statSync(fileURLToPath(INFRA));
  const sources = loadSources(playbook).flatMap(({file, text}) => [file, text]);
  const texts = inventoryFiles(inventory).flatMap((each) => [each, readFileSync(each, 'latin1')]);
  return sha256OfAll([`${mtimeMs} ${size}`, ...texts, ...sources]);
}

interface Memo {
  readonly digest: string;
  readonly hosts: readonly Host[];
}

function recall(file: string, digest: string): readonly Host[] {
  try {
    // Only `write` makes this file, in a directory that other users cannot write to.
    const memo = JSON.parse(readFileSync(file, 'utf8')) as Memo;
    return memo.digest === digest ? memo.hosts : [];
  } catch {
    return [];
  }
}

/** Writes the memory. If that fails, the next run only starts later. */
function write(file: string, digest: string, hosts: readonly Host[]): void {
  const plain = hosts.map((host): Host => ({...host, groups: [], vars: {}, at: undefined}));
  const text = JSON.stringify({digest, hosts: plain} satisfies Memo);
  if (readIfPossible(file) === text) return;
  try {
    mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
    replaceFile(file, text);
  } catch {}
}
