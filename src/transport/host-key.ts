import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ServerHostKeyAlgorithm} from 'ssh2';
import type {Failure, Host} from '../model/index.js';
import {entriesFor, type KnownHost, parseKnownHosts} from './known-hosts.js';
import {sshTo} from './ssh-command.js';

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
    refuse: (key) => refuse(host, entries, known, key),
  };
}

function refuse(host: Host, entries: KnownHost[], known: KnownHost[], key: Buffer): Failure | undefined {
  const shown = key.toString('base64');
  const seen = `${keyType(key)} ${fingerprint(key)}`;
  if (entries.some((entry) => entry.marker === '@revoked' && entry.key === shown)) {
    return {reason: 'host-key-changed', message: `the host key ${seen} is marked as revoked`, hint: CHANGED(host)};
  }
  if (known.some((entry) => entry.key === shown)) return undefined;
  if (known.length === 0) {
    return {
      reason: 'host-key-unknown',
      message: `the host key is not known: ${seen}`,
      hint: unknownHint(host, entries, keyType(key)),
    };
  }
  const expected = known.map(({type, key}) => `${type} ${fingerprint(Buffer.from(key, 'base64'))}`).join(', ');
  const message = `the host key has CHANGED: it shows ${seen}, known is ${expected}`;
  return {reason: 'host-key-changed', message, hint: CHANGED(host)};
}

const CHANGED = (host: Host) =>
  `If the server was reinstalled, forget the old key:
ssh-keygen -R ${lookupName(host)} -f ${host.knownHostsFiles[0]}
If not, somebody may be in between: do not go on before you know why.`;

/** OpenSSH shows the fingerprint, asks, and makes the file and its folder where they are missing. */
function unknownHint(host: Host, entries: readonly KnownHost[], type: string): string {
  if (entries.some(({marker}) => marker === '@cert-authority')) {
    return 'known_hosts names only a certificate authority for it, which is not supported yet: add the plain host key.';
  }
  const file = host.knownHostsFiles[0] ?? '';
  const into = file === join(homedir(), '.ssh', 'known_hosts') ? '' : `-o UserKnownHostsFile=${file} `;
  // `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`.
  const [kind] = type.replace('ssh-', '').split('-');
  return `Log in once with OpenSSH, and answer yes if the server's console shows the same fingerprint
(there: ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub):
ssh ${into}${sshTo(host)}`;
}

const lookupName = ({address, port}: Host) => (port === 22 ? address : `"[${address}]:${port}"`);

/** As OpenSSH prints it: SHA-256 in base64 without padding. */
export const fingerprint = (key: Buffer) =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The wire form begins with the type's length (4 bytes) and its name: RFC 4253, section 6.6. */
export const keyType = (key: Buffer) => key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
