import {isIP} from 'node:net';
import type {CertificateUsage, Leaf, LeafRequest} from '../model/index.js';
import {Secret} from '../shell/index.js';
import {generateKey, importPrivate, importPublic} from './key.js';
import {backdated, serialNumber, validFor} from './validity.js';
import {loadX509} from './x509.js';

/** Days that a leaf is valid when nobody says otherwise (Mozilla's guideline 6.0). */
const LEAF_DAYS = 90;

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
