import {generateKeyPairSync, randomBytes, webcrypto} from 'node:crypto';
import {Secret} from '../../../shell/index.js';

/** The name in the certificate of a transfer, which the sender asks for. */
export const KEY_NAME = 'infra-seed';

/** Days that the certificate of a transfer is valid: longer than any transfer takes. */
const DAYS = 7;

/**
 * A certificate with its key in PEM, for one transfer: the sender and the recipient have the same one, trust nothing
 * else, and remove it when the transfer has ended. Who does not have it can neither read the stream nor feed it.
 */
export async function makeTransferKey(now = new Date()): Promise<Secret> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: ALGORITHM.namedCurve});
  const pkcs8 = privateKey.export({type: 'pkcs8', format: 'der'});
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    publicKey: await webcrypto.subtle.importKey(
      ...['spki' as const, publicKey.export({type: 'spki', format: 'der'})],
      ...[ALGORITHM, true, ['verify' as const]],
    ),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Positive, and without a leading zero byte.
    serialNumber: `7f${randomBytes(15).toString('hex')}`,
    name: [{CN: [KEY_NAME]}],
    // The clocks of hosts may be slow.
    notBefore: new Date(now.getTime() - DAY),
    notAfter: new Date(now.getTime() + DAYS * DAY),
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.SubjectAlternativeNameExtension([{type: 'dns', value: KEY_NAME}]),
    ],
  });
  const pem = privateKey.export({type: 'pkcs8', format: 'pem'}).toString();
  return new Secret(`${certificate.toString('pem')}\n${pem}`);
}

const ALGORITHM = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;

const DAY = 24 * 3_600_000;

/** Makes a key on first use and then always the same: both sides of one transfer are given this. */
export function transferKey(): () => Promise<Secret> {
  let key: Promise<Secret> | undefined;
  return () => {
    key ??= makeTransferKey();
    return key;
  };
}
