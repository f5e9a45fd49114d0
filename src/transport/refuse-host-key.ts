import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Failure, Host} from '../model/index.js';
import {fingerprint, keyType} from './host-key.js';
import type {KnownHost} from './known-hosts.js';
import {sshTo} from './ssh-command.js';

/**
 * Why the key that a host shows is refused, or undefined when it is a known one. `entries`: what `known_hosts` says of
 * the host; `key`: in wire form.
 */
export function refuseHostKey(host: Host, entries: readonly KnownHost[], key: Buffer): Failure | undefined {
  const known = entries.filter(({marker}) => marker === '');
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

/** OpenSSH shows the fingerprint, asks, and makes the file and its directory where they are missing. */
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
