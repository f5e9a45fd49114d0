import type {Authority, CertificateUsage} from '../../model/index.js';
import type {Secret} from '../../shell/index.js';
import type {Ownership} from '../shared/ownership.js';

/** A certificate of one's own: PEM, its own first, then those that lead to the root. */
export interface OwnCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: Secret;
}

/** Mode, owner and group are those of the file with the key. Default 0600, root and root. */
export interface CertificateSpec extends Ownership {
  /** Absolute. The certificate and what leads to its root, readable by all; without `key` the private key too. */
  readonly path: string;
  /** Absolute. The private key, in a file of its own. */
  readonly key?: string | undefined;
  /** Who issues it, or the one to put there. */
  readonly from: Authority | OwnCertificate;
  /** DNS names and IP addresses that it must be valid for; the first is the common name. */
  readonly names: readonly string[];
  /** What it is for. Default `server`. */
  readonly usage?: CertificateUsage | undefined;
  /** Days that a new one is valid. Default 90. An existing one is replaced in the last third of its own life. */
  readonly days?: number | undefined;
  /**
   * True: it is put there only where there is none. Another program on the host renews it, and an existing certificate
   * stays.
   */
  readonly placeholder?: boolean | undefined;
}

/** What a certificate on a host has, and the file with its key. */
export interface CertificateState {
  /** Of one's own certificates: which one it is; of placeholders: whether there is any. */
  readonly certificate: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly usage: string;
  readonly expires: string;
  readonly key: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Of the certificate's file where the key has a file of its own: `0644 root`. */
  readonly 'certificate file': string;
}
