import {createHash, createHmac} from 'node:crypto';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Failure, Host} from '../model/index.js';
import {sshTo} from './failures.js';

/** One usable line of a `known_hosts` file. Format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly names: string;
  readonly type: string;
  /** The key's wire form in base64. */
  readonly key: string;
}

/** The entries of a `known_hosts` file. Lines that do not parse are skipped, as OpenSSH does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line): KnownHost[] => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0] === '@revoked' || fields[0] === '@cert-authority' ? fields[0] : '';
    const [names, type, key] = marker === '' ? fields : fields.slice(1);
    if (!names || names.startsWith('#') || !type || !key) return [];
    return [{marker, names, type, key}];
  });
}

/** The entries of a host. Names are compared in lower case; a port other than 22 is written `[name]:port`. */
export function entriesFor(entries: readonly KnownHost[], address: string, port: number): KnownHost[] {
  const name = knownHostName(address, port);
  return entries.filter(({names}) => (names.startsWith('|1|') ? hashMatches(names, name) : listMatches(names, name)));
}

/** The name of a host in `known_hosts`. */
export function knownHostName(address: string, port: number): string {
  const lower = address.toLowerCase();
  return port === 22 ? lower : `[${lower}]:${port}`;
}

function hashMatches(hashed: string, name: string): boolean {
  const [, , salt = '', digest] = hashed.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === digest;
}

/** Patterns with `*` and `?`. A match of a pattern with `!` before it excludes the host, whatever the others match. */
function listMatches(names: string, name: string): boolean {
  const patterns = names.toLowerCase().split(',');
  const matches = (pattern: string) => (/[*?]/.test(pattern) ? globToRegExp(pattern).test(name) : pattern === name);
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** A server's public host key. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** The wire form in base64, as in `known_hosts`. */
  readonly key: string;
}

/** The key of a wire form. */
export function hostKeyOf(wire: Buffer): HostKey {
  return {type: keyType(wire), fingerprint: fingerprint(wire), key: wire.toString('base64')};
}

/** The fingerprint as OpenSSH prints it: SHA-256 in base64 without padding. */
export const fingerprint = (key: Buffer) =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The type of a key in wire form, which begins with the type's length (4 bytes) and its name: RFC 4253, section 6.6. */
export const keyType = (key: Buffer) => key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');

/**
 * Why the key that a host shows is refused, or undefined when it is a known one. `entries`: those of the host in
 * `known_hosts`; `key`: in wire form.
 */
export function refuseHostKey(host: Host, entries: readonly KnownHost[], key: Buffer): Failure | undefined {
  const known = entries.filter(({marker}) => marker === '');
  const shown = key.toString('base64');
  const seen = `${keyType(key)} ${fingerprint(key)}`;
  if (entries.some((entry) => entry.marker === '@revoked' && entry.key === shown)) {
    return {reason: 'host-key-changed', message: `the host key ${seen} is marked as revoked`, hint: changedHint(host)};
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
  return {reason: 'host-key-changed', message, hint: changedHint(host)};
}

const changedHint = (host: Host) =>
  `If the server was reinstalled, forget the old key:
ssh-keygen -R ${lookupName(host)} -f ${host.knownHostsFiles[0]}
If not, somebody may intercept the connection: do not continue before you know why.`;

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
