import {atLeast, type Version} from '../../model/index.js';

/** `intermediate`: TLS 1.2 and 1.3, for every client of the last ten years. `modern`: TLS 1.3 alone. */
export type TlsProfile = 'intermediate' | 'modern';

/** The TLS settings of a server, in OpenSSL's names. */
export interface TlsSettings {
  /** Oldest first: `TLSv1.2`, `TLSv1.3`. */
  readonly protocols: readonly string[];
  /** For TLS 1.2; empty without that version. */
  readonly ciphers: readonly string[];
  /** For TLS 1.3. */
  readonly suites: readonly string[];
  readonly curves: readonly string[];
}

/**
 * Mozilla's guideline 6.0 (https://ssl-config.mozilla.org/guidelines/6.0.json), as far as this OpenSSL supports it: the
 * hybrid curve against quantum computers came with 3.5, and earlier versions refuse a list that has it. In both
 * profiles the client's order of preference counts.
 */
export function tlsSettings(profile: TlsProfile, openssl: Version): TlsSettings {
  const older = profile === 'intermediate';
  return {
    protocols: older ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.3'],
    ciphers: older ? CIPHERS : [],
    suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
    curves: [...(atLeast(openssl, [3, 5]) ? ['X25519MLKEM768'] : []), 'X25519', 'prime256v1', 'secp384r1'],
  };
}

const CIPHERS = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].flatMap((cipher) => [
  `ECDHE-ECDSA-${cipher}`,
  `ECDHE-RSA-${cipher}`,
]);
