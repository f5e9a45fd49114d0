import {readFile} from 'node:fs/promises';
import type {ServerHostKeyAlgorithm} from 'ssh2';
import type {Failure, Host} from '../../model/index.js';
import {entriesFor, parseKnownHosts} from '../known-hosts.js';
import {refuseHostKey} from '../refuse-host-key.js';

/** Judges the key a server shows against the user's `known_hosts`. Unknown, changed and revoked keys are refused. */
export interface HostKeyPolicy {
  /** Those of known keys first: else a server with several keys may show one that is not on file. */
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** The failure to report, or undefined when the key is the known one. `key`: wire form. */
  refuse(key: Buffer): Failure | undefined;
}

/** `ssh-rsa` (SHA-1 signatures) is left out on purpose. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

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
