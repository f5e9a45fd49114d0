import {createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto} from 'node:crypto';

/**
 * ECDSA on P-256, for the authority and for leaves: Mozilla's guideline 6.0 wants it of leaves, every TLS library of
 * the supported releases takes it, and a root that is stronger than its leaves would protect nothing more.
 */
const ALGORITHM = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;

/** A new private key: PKCS #8 in PEM. */
export function generateKey(): string {
  const {privateKey} = generateKeyPairSync('ec', {namedCurve: ALGORITHM.namedCurve});
  return privateKey.export({type: 'pkcs8', format: 'pem'}).toString();
}

/** The public half of a private key, as the X.509 library takes it. */
export function importPublic(key: string): Promise<webcrypto.CryptoKey> {
  const spki = createPublicKey(key).export({type: 'spki', format: 'der'});
  return webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']);
}

/** A private key that can sign and cannot be exported. */
export function importPrivate(key: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(key).export({type: 'pkcs8', format: 'der'});
  return webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']);
}
