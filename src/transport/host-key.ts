import {createHash} from 'node:crypto';

/** A server's public host key. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** The wire form in base64, as in `known_hosts`. */
  readonly key: string;
}

/** Of a key's wire form. */
export function hostKeyOf(wire: Buffer): HostKey {
  return {type: keyType(wire), fingerprint: fingerprint(wire), key: wire.toString('base64')};
}

/** As OpenSSH prints it: SHA-256 in base64 without padding. */
export const fingerprint = (key: Buffer) =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The wire form begins with the type's length (4 bytes) and its name: RFC 4253, section 6.6. */
export const keyType = (key: Buffer) => key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
