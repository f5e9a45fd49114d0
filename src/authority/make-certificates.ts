import {generateKey, importPrivate, importPublic} from './key.js';
import {isIP} from 'node:net';
import type {CertificateUsage, Leaf, LeafRequest} from '../model/index.js';
import {Secret} from '../shell/index.js';
import {randomBytes} from 'node:crypto';

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

/** Days that a leaf is valid when nobody says otherwise (Mozilla's guideline 6.0). */
const LEAF_DAYS = 90;

/** An authority's certificate in PEM, and its private key. */
interface Issuer {
  readonly certificate: string;
  readonly key: Secret;
}

/** A new key and a certificate for it, which ends no later than the issuer's own. */
export async function makeLeaf(issuer: Issuer, request: LeafRequest, now: Date): Promise<Leaf> {
  const x509 = await loadX509();
  const root = new x509.X509Certificate(issuer.certificate);
  const key = generateKey();
  const [publicKey, signingKey] = await Promise.all([importPublic(key), importPrivate(issuer.key.reveal())]);
  const wished = validFor(now, request.days ?? LEAF_DAYS);
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{CN: [request.names[0] ?? '']}],
    issuer: root.subjectName,
    notBefore: backdated(now),
    notAfter: new Date(Math.min(wished.getTime(), root.notAfter.getTime())),
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

const DAY = 86_400_000;

/** Clocks of hosts may be slow: certificates count from an hour ago, as Let's Encrypt's do. */
const HOUR = 3_600_000;

/** When a certificate made now begins to count. */
const backdated = (now: Date): Date => new Date(now.getTime() - HOUR);

/** When a certificate made now ends. */
const validFor = (now: Date, days: number): Date => new Date(backdated(now).getTime() + days * DAY);

/** 127 random bits, positive: the CA/Browser Forum's Baseline Requirements 7.1 want at least 64. Hexadecimal. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  // The first bit is the sign; a first byte of zero would be no shortest form.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** The X.509 library, loaded when a certificate is really made: it takes about 0.2 s. It wants the polyfill first. */
async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
