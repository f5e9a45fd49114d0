import {fingerprint, keyType} from '../transport/index.js';

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
