import {randomBytes} from 'node:crypto';
import {isIP} from 'node:net';
import type {CertificateUsage, Leaf, LeafRequest} from '../model/index.js';
import {Secret} from '../shell/index.js';
import {generateKey, importPrivate, importPublic} from './key.js';

/** Ten years. Its successor has the same key, and the run that makes it puts it on the hosts. */
const ROOT_DAYS = 3652;

/** Days that a leaf is valid unless its request says otherwise (Mozilla's guideline 6.0). */
const LEAF_DAYS = 90;

/** The most characters of a common name (RFC 5280, ub-common-name). */
const LONGEST_NAME = 64;

/**
 * A certificate that an authority signs for itself, in PEM. It issues for servers and clients and makes no authority
 * below it (path length 0). It has no name constraints: nothing but what infra configures trusts it, and a host of
 * another domain would need another authority.
 */
export async function makeRoot(name: string, key: string, now: Date): Promise<string> {
  const x509 = await loadX509();
  const [publicKey, signingKey] = await Promise.all([importPublic(key), importPrivate(key)]);
  const subject = [{CN: [name.slice(0, LONGEST_NAME)]}];
  const root = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: subject,
    notBefore: startOf(now),
    notAfter: endAfter(now, ROOT_DAYS),
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

/** An authority's certificate in PEM, and its private key. */
export interface Issuer {
  readonly certificate: string;
  readonly key: Secret;
}

/** A new key and a certificate for it, which ends no later than the issuer's own. */
export async function makeLeaf(issuer: Issuer, request: LeafRequest, now: Date): Promise<Leaf> {
  const x509 = await loadX509();
  const root = new x509.X509Certificate(issuer.certificate);
  const key = generateKey();
  const [publicKey, signingKey] = await Promise.all([importPublic(key), importPrivate(issuer.key.reveal())]);
  const end = endAfter(now, request.days ?? LEAF_DAYS);
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{CN: [request.names[0] ?? '']}],
    issuer: root.subjectName,
    notBefore: startOf(now),
    notAfter: new Date(Math.min(end.getTime(), root.notAfter.getTime())),
    publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(PURPOSES[request.usage].map((each) => x509.ExtendedKeyUsage[each])),
      new x509.SubjectAlternativeNameExtension(request.names.map(alternativeName)),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  return {certificate: `${leaf.toString('pem')}\n`, key: new Secret(key)};
}

const PURPOSES = {
  server: ['serverAuth'],
  client: ['clientAuth'],
  both: ['serverAuth', 'clientAuth'],
} as const satisfies Record<CertificateUsage, readonly string[]>;

const alternativeName = (name: string) => ({type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name});

/** The X.509 library, loaded when a certificate is really made: it takes about 0.2 s. It needs the polyfill first. */
async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The clocks of hosts may be slow: certificates are valid from an hour ago, as Let's Encrypt's are. */
const startOf = (now: Date): Date => new Date(now.getTime() - HOUR);

const endAfter = (now: Date, days: number): Date => new Date(startOf(now).getTime() + days * DAY);

/** 127 random bits, positive: the CA/Browser Forum's Baseline Requirements 7.1 want at least 64. Hexadecimal. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  // The first bit is the sign; a first byte of zero would not be the shortest form.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
