import {atLeast, type Version} from '../../model/index.js';

/** What a connection may be made with, best first. */
export interface Algorithms {
  readonly kex: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

/**
 * Hybrid key exchange against recorded traffic first, then curve25519; no Diffie-Hellman groups, so that the primes of
 * /etc/ssh/moduli do not matter. Authenticated ciphers before counter mode, and only MACs over the ciphertext. A name that
 * sshd does not know stops it: ML-KEM came with OpenSSH 9.9, NTRU Prime with 8.5 (openssh.com/releasenotes.html).
 */
export function algorithmsOf(openssh: Version): Algorithms {
  return {
    kex: [
      ...(atLeast(openssh, [9, 9]) ? ['mlkem768x25519-sha256', 'sntrup761x25519-sha512'] : []),
      ...['sntrup761x25519-sha512@openssh.com', 'curve25519-sha256', 'curve25519-sha256@libssh.org'],
    ],
    ciphers: [
      ...['chacha20-poly1305@openssh.com', 'aes256-gcm@openssh.com', 'aes128-gcm@openssh.com'],
      ...['aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
    ],
    macs: ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com', 'umac-128-etm@openssh.com'],
  };
}
