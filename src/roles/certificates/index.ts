import {posix} from 'node:path';
import {z} from 'zod';
import type {Authority, CertificateUsage, Handler, Items, RoleContext} from '../../model/index.js';
import {certificate, directory, file, type OwnCertificate} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import type {AcmeCertificate} from './acme.js';
import {acmeItems} from './acme-items.js';
import {checkCovered} from './own-certificate.js';

/**
 * Where certificates come from: the project's authority, which issues and renews them, the user's own files
 * (`ownCertificate`), or a public authority (`acme`).
 */
export type CertificateSource = Authority | OwnCertificate | AcmeCertificate;

/** A certificate for {@link certificateFor}. */
export interface CertificateRequest {
  /** DNS names and IP addresses that clients connect to; the first is the common name. */
  readonly names: readonly string[];
  /** Absolute. Certificate and chain, readable by everyone; without `key` the private key too. */
  readonly path: string;
  /** Absolute. The private key, in a file of its own. */
  readonly key?: string | undefined;
  /** Owner of the file with the key. Default root. */
  readonly owner?: string | undefined;
  /** Group of the file with the key. Default root. */
  readonly group?: string | undefined;
  /** Mode of the file with the key. Default `0600`. */
  readonly mode?: string | undefined;
  /** The handlers that load the files again. */
  readonly notify?: Handler | readonly Handler[];
  /** The use of the certificate. Default `server`. */
  readonly usage?: CertificateUsage | undefined;
}

/**
 * A certificate on a host: in two files, or in one with its key, as HAProxy reads it (that of an ACME authority
 * always). A missing directory is made. Throws `InputError` when a certificate of the user's own is not valid for the
 * names.
 *
 * @example
 * (context: RoleContext) => certificateFor(ca, {names: ['app.example.org'], path: '/etc/app/tls.pem'}, context)
 */
export function certificateFor(source: CertificateSource, request: CertificateRequest, context: RoleContext): Items {
  if ('directory' in source) return acmeItems(source, request, context);
  if (!('issue' in source)) checkCovered(source, request.names);
  return [certificate({...request, from: source})];
}

/**
 * What hosts need to trust an authority: its public certificate, in a file. A missing directory is made.
 *
 * @example
 * authorityFile(await authority(), {path: '/etc/app/ca.pem', notify: restart('app')})
 */
export function authorityFile(
  {certificate: content}: Pick<Authority, 'certificate'>,
  {path, notify}: AuthorityFileRequest,
): Items {
  return [
    directory({path: posix.dirname(path), owner: 'root', group: 'root'}),
    file({path, content, ...READABLE, ...(notify && {notify})}),
  ];
}

/** The file of {@link authorityFile}. */
export interface AuthorityFileRequest {
  /** Absolute. */
  readonly path: string;
  /** The handlers that load the file again. */
  readonly notify?: Handler | readonly Handler[];
}

/** The option of a role for the source of its certificate: an authority, `{certificate, key}`, or ACME. */
export const certificateSource = z.custom<CertificateSource>((value) => typeof value === 'object' && value !== null, {
  error: 'must be an authority, or {certificate, key}',
});
