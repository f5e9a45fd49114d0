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
import {defaultInventory} from './default-inventory.js';
import {transport} from './transport.js';

/**
 * Connections that are begun while the user's files are still being read. Only where the files are, byte for byte,
 * those that were found sound the last time, so nothing can be wrong in them; and only to the hosts that they led to
 * then.
 */
export interface HeadStart {
  /** As the engine's `reach`, with the connection begun for this very host when there is one. */
  readonly reach: typeof reach;
  /** The files were found sound, and speak of these hosts. */
  remember(hosts: readonly Host[]): void;
  /** Closes the connections that nobody asked for. */
  close(): Promise<void>;
}

/** The options that say which files and hosts a run is about. */
interface Given {
  readonly inventory?: string;
  readonly playbook: string;
  readonly limit?: string;
  readonly verbose?: number;
}

/** What a connection depends on. Variables stay out: they may hold secrets. */
type Address = Pick<Host, 'address' | 'port' | 'user' | 'become' | 'identityFiles' | 'knownHostsFiles'>;

/** With -vvv nothing is begun: the times of connections are asked for, from their beginning. */
export function headStart(project: Pick<Project, 'root' | 'env'>, options: Given): HeadStart {
  const memory = (options.verbose ?? 0) > 2 ? undefined : openMemory(project, options);
  const begun = new Map((memory?.hosts ?? []).map((host) => [keyOf(host), reach(host, transport)]));
  // Whoever asks for the host sees the failure.
  for (const reaching of begun.values()) reaching.catch(() => {});
  return {
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
export function noHeadStart(): HeadStart {
  return {reach, remember: () => undefined, close: async () => undefined};
}

const closeIt = ({connection}: ReachedHost) => connection.close();

function keyOf({address, port, user, become, identityFiles, knownHostsFiles}: Address): string {
  return JSON.stringify({address, port, user, become, identityFiles, knownHostsFiles});
}

interface Memory {
  /** None when the files are not the ones of the last time. */
  readonly hosts: readonly Host[];
  write(hosts: readonly Host[]): void;
}

/** Undefined when the files cannot be read: whoever loads them will say why. */
function openMemory(project: Pick<Project, 'root' | 'env'>, options: Given): Memory | undefined {
  // What a file of limits says now is not known yet.
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

/** Of the files, and of this package: a newer one may find fault with them. */
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
    // Only `write` makes this file, in a directory that nobody else may write.
    const memo = JSON.parse(readFileSync(file, 'utf8')) as Memo;
    return memo.digest === digest ? memo.hosts : [];
  } catch {
    return [];
  }
}

/** Without this file the next run only starts later. */
function write(file: string, digest: string, hosts: readonly Host[]): void {
  const plain = hosts.map((host): Host => ({...host, groups: [], vars: {}, at: undefined}));
  const text = JSON.stringify({digest, hosts: plain} satisfies Memo);
  if (readIfPossible(file) === text) return;
  try {
    mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
    replaceFile(file, text);
  } catch {}
}
