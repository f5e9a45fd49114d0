import type {CipherAlgorithm, KexAlgorithm, MacAlgorithm} from 'ssh2';

/** The algorithms that an SSH connection may use, for ssh2's `algorithms`; the strongest first. */
interface Algorithms {
  readonly kex: KexAlgorithm[];
  readonly cipher: CipherAlgorithm[];
  readonly hmac: MacAlgorithm[];
}

/**
 * Without SHA-1, MD5, CBC, RC4 and groups below 2048 bits, which ssh2 knows or even offers by default. Every OpenSSH since
 * 6.5 (2014) has the first of each list or its neighbour. ssh2 1.17 has no post-quantum key exchange, so there is none
 * here. Order after RFC 9142 (key exchange), authenticated ciphers before counter mode, and MACs over the ciphertext first.
 */
export const ALGORITHMS: Algorithms = {
  kex: [
    ...(['curve25519-sha256', 'curve25519-sha256@libssh.org'] as const),
    ...(['ecdh-sha2-nistp521', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp256'] as const),
    ...(['diffie-hellman-group18-sha512', 'diffie-hellman-group16-sha512'] as const),
    ...(['diffie-hellman-group-exchange-sha256', 'diffie-hellman-group14-sha256'] as const),
  ],
  cipher: [
    ...(['aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-gcm@openssh.com'] as const),
    ...(['aes256-ctr', 'aes192-ctr', 'aes128-ctr'] as const),
  ],
  hmac: ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512', 'hmac-sha2-256'],
};
