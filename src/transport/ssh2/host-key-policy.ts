import {readFile} from 'node:fs/promises';
import type {ServerHostKeyAlgorithm} from 'ssh2';
import type {Failure, Host} from '../../model/index.js';
import {entriesFor, parseKnownHosts, refuseHostKey} from '../known-hosts.js';

/** Compares the key that a server shows with the user's `known_hosts`. Refuses unknown, changed and revoked keys. */
export interface HostKeyPolicy {
  /** Those of known keys first: otherwise a server with several keys may show one that `known_hosts` does not have. */
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** The failure to report, or undefined when the key is the known one. `key`: wire form. */
  refuse(key: Buffer): Failure | undefined;
}

/** Without `ssh-rsa`, whose signatures use SHA-1. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** The policy for a host, from its `known_hosts` files. One that cannot be read counts as empty. */
export async function loadHostKeyPolicy(host: Host): Promise<HostKeyPolicy> {
  const texts = await Promise.all(host.knownHostsFiles.map((file) => readFile(file, 'utf8').catch(() => '')));
  const entries = entriesFor(texts.flatMap(parseKnownHosts), host.address, host.port);
  const known = entries.filter(({marker}) => marker === '');
  const isKnown = (algorithm: string) => known.some(({type}) => type === algorithm.replace(/^rsa-sha2-.*/, 'ssh-rsa'));
  return {
    algorithms: [...ALGORITHMS].sort((left, right) => Number(isKnown(right)) - Number(isKnown(left))),
    refuse: (key) => refuseHostKey(host, entries, key),
  };
}
