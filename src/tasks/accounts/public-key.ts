import {createHash} from 'node:crypto';

/** A line of an `authorized_keys` file, as sshd(8) describes it. */
export interface PublicKey {
  /** What stands before the key, or empty: `restrict,command="…"`. */
  readonly options: string;
  readonly type: string;
  /** The key itself, in base64: with the type, what makes two lines mean the same key. */
  readonly blob: string;
  readonly comment: string;
}

/** The key of a line, or undefined: a comment, an empty line, or no key at all. */
export function parsePublicKey(line: string): PublicKey | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const sticky = new RegExp(KEY, 'y');
  for (const {index} of line.matchAll(/(?<=^|\s)(?=[a-z])/g)) {
    sticky.lastIndex = index;
    const [whole, type = '', blob = ''] = sticky.exec(line) ?? [];
    if (whole === undefined || typeInside(blob) !== type) continue;
    return {options: line.slice(0, index).trim(), type, blob, comment: line.slice(index + whole.length).trim()};
  }
  return undefined;
}

/** `SHA256:` and the digest, as `ssh-keygen -l` prints it. */
export function fingerprint({blob}: PublicKey): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/**
 * Matched only where a word begins, so that a long line of many words takes little time: the user of the file writes
 * it.
 */
const KEY = /([a-z][\w@.-]*)[ \t]+([A-Za-z0-9+/]+=*)(?=\s|$)/;

/** A key begins with its own type, after four bytes of length (RFC 4253, section 6.6). */
function typeInside(blob: string): string | undefined {
  const bytes = Buffer.from(blob, 'base64');
  return bytes.length > 4 ? bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0)) : undefined;
}
