import {createECDH, createHash, createPrivateKey, hkdfSync} from 'node:crypto';
import {Secret} from '../../shell/index.js';

/** A key of an ACME account, and what stands for it in answers to challenges. */
export interface AccountKey {
  /** SEC 1 in PEM, as lego keeps it. */
  readonly key: Secret;
  /** RFC 7638, by SHA-256. Public. */
  readonly thumbprint: string;
}

/**
 * The account key that follows from a secret, so that every balancer has the same account and answers for the others.
 * 384 bits are drawn from the secret and reduced (FIPS 186-5, A.2.1: at least 64 more than the order has).
 */
export function accountKey(secret: Secret): AccountKey {
  const drawn = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'infra: key of an ACME account', 48));
  const scalar = (BigInt(`0x${drawn.toString('hex')}`) % (ORDER - 1n)) + 1n;
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(scalar.toString(16).padStart(64, '0'), 'hex');
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const d = pair.getPrivateKey().toString('base64url').padStart(43, 'A');
  const key = createPrivateKey({format: 'jwk', key: {kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '', d}});
  const canonical = JSON.stringify({crv: 'P-256', kty: 'EC', x, y});
  return {
    key: new Secret(key.export({type: 'sec1', format: 'pem'}).toString()),
    thumbprint: createHash('sha256').update(canonical).digest('base64url'),
  };
}

/** Of the group of P-256 (FIPS 186-5, via SP 800-186, 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
