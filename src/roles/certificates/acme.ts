import {createECDH, createHash, createPrivateKey, hkdfSync} from 'node:crypto';
import {type Authority, check, checkOptions, isMailAddress, SpecError} from '../../model/index.js';
import {Secret} from '../../shell/index.js';

/** The options of {@link acme}. */
export interface AcmeOptions {
  /** The mail address that the authority writes to about the account. */
  readonly email: string;
  /** Any secret, such as `secret('acme/account')`: the key of the account is derived from it. */
  readonly account: Secret;
  /** The authority of the certificate that is used until the first one is issued. */
  readonly until: Authority;
  /** The URL of the ACME directory. Default: Let's Encrypt, whose terms of service you agree to by using it. */
  readonly directory?: string;
  /** The authority of the directory's own certificate. Default: those that Debian trusts. */
  readonly trust?: Pick<Authority, 'certificate'>;
}

/** Certificates that every balancer requests by HTTP-01 and renews by itself, without a run of infra. */
export interface AcmeCertificate extends AcmeOptions {
  readonly directory: string;
  /** Made from the secret. */
  readonly accountKey: AccountKey;
}

/**
 * A source of certificates for public names. Throws `SpecError` for a mail address or URL that is not one.
 *
 * @example
 * acme({email: 'ops@example.org', account: secret('acme/account'), until: await authority()})
 */
export function acme(options: AcmeOptions): AcmeCertificate {
  checkOptions(OPTIONS, options, {what: 'acme'});
  const {directory = LETS_ENCRYPT} = options;
  if (!isMailAddress(options.email)) throw new SpecError(`acme: "${options.email}" is not a mail address`);
  if (!URL.canParse(directory) || !directory.startsWith('https://')) {
    throw new SpecError(`acme: "${directory}" is not the https URL of a directory`);
  }
  return {...options, directory, accountKey: accountKey(options.account)};
}

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

const authority = <T extends object>(...members: readonly (keyof T)[]) =>
  check.custom<T>(
    'an authority',
    'Write await authority().',
    (value) => check.isObject(value) && members.every((name) => name in value),
  );

const OPTIONS: check.Checks<AcmeOptions> = {
  email: check.text,
  account: check.secret,
  until: authority<Authority>('issue', 'certificate'),
  directory: check.optional(check.text),
  trust: check.optional(authority<Pick<Authority, 'certificate'>>('certificate')),
};

/** A key of an ACME account, and its thumbprint for answers to challenges. */
interface AccountKey {
  /** SEC 1 in PEM, as lego keeps it. */
  readonly key: Secret;
  /** RFC 7638, by SHA-256. Public. */
  readonly thumbprint: string;
}

/**
 * The account key that is derived from a secret, so that every balancer has the same account and answers for the
 * others. 384 bits are derived from the secret and reduced (FIPS 186-5, A.2.1: at least 64 more than the order has).
 */
export function accountKey(secret: Secret): AccountKey {
  const bits = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'infra: key of an ACME account', 48));
  const scalar = (BigInt(`0x${bits.toString('hex')}`) % (ORDER - 1n)) + 1n;
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

/** The order of the group of P-256 (FIPS 186-5, via SP 800-186, 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
