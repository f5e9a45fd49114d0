import type {Secret} from '../shell/index.js';

/** What a certificate is for: to be shown by a server, by a client, or by both. */
export type CertificateUsage = 'server' | 'client' | 'both';

/** What a certificate is to be. */
export interface LeafRequest {
  /** DNS names and IP addresses that it is valid for; the first is the common name. At least one. */
  readonly names: readonly string[];
  /** What it is for. */
  readonly usage: CertificateUsage;
  /** How long it is valid. Default 90; never longer than the authority itself. */
  readonly days?: number | undefined;
}

/** A certificate and its key. */
export interface Leaf {
  /** PEM. */
  readonly certificate: string;
  /** PKCS #8 in PEM. */
  readonly key: Secret;
}

/** Issues certificates: the project's own certification authority. */
export interface Authority {
  /** The public certificate that clients must trust. PEM. */
  readonly certificate: string;
  /** Makes a new key and a certificate for it. Rejects with `InputError` when its own key cannot be read. */
  issue(request: LeafRequest): Promise<Leaf>;
}
