import {createHmac} from 'node:crypto';

/** One usable line of a `known_hosts` file. Format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly names: string;
  readonly type: string;
  /** The key's wire form in base64. */
  readonly key: string;
}

/** Lines that do not parse are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line): KnownHost[] => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0] === '@revoked' || fields[0] === '@cert-authority' ? fields[0] : '';
    const [names, type, key] = marker === '' ? fields : fields.slice(1);
    if (!names || names.startsWith('#') || !type || !key) return [];
    return [{marker, names, type, key}];
  });
}

/** The entries that speak of a host. Names are compared in lower case; a port other than 22 is written `[name]:port`. */
export function entriesFor(entries: readonly KnownHost[], address: string, port: number): KnownHost[] {
  const name = knownHostName(address, port);
  return entries.filter(({names}) => (names.startsWith('|1|') ? hashMatches(names, name) : listMatches(names, name)));
}

/** What `known_hosts` calls a host. */
export function knownHostName(address: string, port: number): string {
  const lower = address.toLowerCase();
  return port === 22 ? lower : `[${lower}]:${port}`;
}

function hashMatches(hashed: string, name: string): boolean {
  const [, , salt = '', digest] = hashed.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === digest;
}

/** Patterns with `*` and `?`; a match with `!` before it refuses whatever the others say. */
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
