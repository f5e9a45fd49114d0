import ssh2 from 'ssh2';
import {readStrings} from './wire.js';

/** What a file of a private key tells without its passphrase. */
export interface PrivateKey {
  readonly encrypted: boolean;
  /** The public key in wire form; undefined where it is encrypted too. */
  readonly wire: Buffer | undefined;
  readonly comment: string;
}

/** Undefined when the text is no private key that infra could use. */
export function parsePrivateKey(text: string): PrivateKey | undefined {
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return undefined;
  const key = ssh2.utils.parseKey(text);
  if (!(key instanceof Error)) return {encrypted: false, wire: key.getPublicSSH(), comment: key.comment};
  if (!/encrypted|passphrase/i.test(key.message)) return undefined;
  return {encrypted: true, wire: openSshPublic(text), comment: ''};
}

/** The public half stands in clear in OpenSSH's own format: PROTOCOL.key in its sources. */
function openSshPublic(text: string): Buffer | undefined {
  const [, base64] = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)/.exec(text) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined;
  // Cipher, derivation and its options; then the number of keys.
  const [cipher, derivation, options] = readStrings(bytes.subarray(MAGIC.length), 3);
  if (!cipher || !derivation || !options) return undefined;
  const before = MAGIC.length + 12 + cipher.length + derivation.length + options.length;
  return readStrings(bytes.subarray(before + 4), 1)[0];
}

const MAGIC = 'openssh-key-v1\0';
