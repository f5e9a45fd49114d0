import {importPrivate, importPublic} from './key.js';
import {backdated, serialNumber, validFor} from './validity.js';
import {loadX509} from './x509.js';

/** Ten years: it is replaced with the hosts' own trust in it, and by the same key. */
const ROOT_DAYS = 3652;

/** The most characters of a common name (RFC 5280, ub-common-name). */
const LONGEST_NAME = 64;

/**
 * A certificate that an authority signs for itself, in PEM. It issues for servers and clients and makes no authority
 * below it (path length 0). It has no name constraints: nothing but what infra configures trusts it, and a host of
 * another domain would call for another authority.
 */
export async function makeRoot(name: string, key: string, now: Date): Promise<string> {
  const x509 = await loadX509();
  const [publicKey, signingKey] = await Promise.all([importPublic(key), importPrivate(key)]);
  const subject = [{CN: [name.slice(0, LONGEST_NAME)]}];
  const root = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: subject,
    notBefore: backdated(now),
    notAfter: validFor(now, ROOT_DAYS),
    publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return `${root.toString('pem')}\n`;
}
