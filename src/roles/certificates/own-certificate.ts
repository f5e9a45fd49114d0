import {createPrivateKey, X509Certificate} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {isIP} from 'node:net';
import {callSite, check, checkOptions, InputError} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import type {OwnCertificate} from '../../tasks/index.js';

/** The options of {@link ownCertificate}. */
export interface OwnCertificateFiles {
  /**
   * A PEM file on this machine: the server's certificate, then those that lead to the root. Relative to the project's
   * directory.
   */
  readonly certificate: string;
  /** The private key: a PEM file that only its owner can read, or better a secret: `secret('tls/site')`. */
  readonly key: string | Secret;
}

/**
 * The user's own certificate, for `certificateFor` and the roles. Throws `InputError` when it cannot be used.
 *
 * @example
 * ownCertificate({certificate: 'tls/site.pem', key: secret('tls/site')})
 */
export function ownCertificate(options: OwnCertificateFiles): OwnCertificate {
  checkOptions(OPTIONS, options, {what: 'ownCertificate'});
  const {certificate, key} = options;
  const own = {
    certificate: read(certificate),
    key: typeof key === 'string' ? new Secret(readKey(key)) : key,
  };
  checkOwn(own, certificate, new Date());
  return own;
}

const OPTIONS: check.Checks<OwnCertificateFiles> = {
  certificate: check.text,
  key: check.either(check.text, check.secret),
};

function readKey(file: string): string {
  const text = read(file);
  if ((statSync(file).mode & 0o077) === 0) return text;
  const message = `${file} is a private key, and other users can read it`;
  throw new InputError([{message, at: callSite(), hint: `Run: chmod 600 ${file}`}]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`, at: callSite(), hint: HINT}]);
  }
}

const HINT = 'Paths are relative to the directory that infra runs in.';

/** Throws `InputError` unless the certificate is valid for all the names. */
export function checkCovered({certificate}: OwnCertificate, names: readonly string[]): void {
  const leaf = new X509Certificate(certificate);
  const missing = names.filter((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) === undefined);
  if (missing.length === 0) return;
  const has = leaf.subjectAltName ?? 'no names at all';
  throw refusal(
    `the certificate is not valid for ${missing.join(', ')}: it has ${has}`,
    'Get one that has all of these names.',
  );
}

/**
 * Throws `InputError` for a certificate that no server can use: one that has expired, whose key is a different one, or
 * whose chain is out of order. `file` names it in messages.
 */
function checkOwn({certificate, key}: OwnCertificate, file: string, now: Date): void {
  const chain = parseChain(certificate, file);
  const leaf = chain[0];
  if (leaf === undefined) throw refusal(`${file} has no certificate`, PEM);
  const end = new Date(leaf.validTo);
  if (end < now) throw refusal(`${file} expired on ${end.toISOString().slice(0, 10)}`, 'Get a new one.');
  if (leaf.ca) throw refusal(`${file} begins with the certificate of an authority`, ORDER);
  const stray = chain.slice(1).find((each, index) => !chain[index]?.checkIssued(each));
  if (stray) throw refusal(`${file}: ${nameOf(stray)} did not issue the certificate before it`, ORDER);
  if (!key.isPlaceholder && !belongs(leaf, key.reveal())) {
    throw refusal(`the private key is not that of ${file}`, 'Give the key that the certificate was requested with.');
  }
}

function parseChain(text: string, file: string): X509Certificate[] {
  try {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw refusal(`${file} has a certificate that cannot be read`, PEM);
  }
}

function belongs(leaf: X509Certificate, key: string): boolean {
  try {
    return leaf.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

const nameOf = ({subject}: X509Certificate) => subject.replaceAll('\n', ', ');

const PEM = 'Give a PEM file: it has blocks between BEGIN CERTIFICATE and END CERTIFICATE.';

const ORDER = "Put the server's own certificate first, then the one that issued it, and so on.";

const refusal = (message: string, hint: string) => new InputError([{message, hint}]);
