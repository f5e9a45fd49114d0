import {type Authority, check, checkOptions, isMailAddress, SpecError} from '../../model/index.js';
import type {Secret} from '../../shell/index.js';
import {type AccountKey, accountKey} from './account-key.js';

export interface AcmeOptions {
  /** Where the authority writes to about the account. */
  readonly email: string;
  /** Any secret, such as `secret('acme/account')`: the key of the account follows from it. */
  readonly account: Secret;
  /** Who issues what is shown until the first certificate is there. */
  readonly until: Authority;
  /** The URL of the ACME directory. Default: Let's Encrypt, whose terms of service you agree to by using it. */
  readonly directory?: string;
  /** Who issued the certificate of the directory itself. Default: one that Debian knows. */
  readonly trust?: Pick<Authority, 'certificate'>;
}

/** Certificates that every balancer gets by itself, by HTTP-01, and renews whether infra runs or not. */
export interface AcmeCertificate extends AcmeOptions {
  readonly directory: string;
  /** Made from the secret. */
  readonly accountKey: AccountKey;
}

/**
 * A source of certificates for public names. Throws `SpecError` for an address that is none.
 *
 * @example
 * acme({email: 'ops@example.org', account: secret('acme/account'), until: await authority()})
 */
export function acme(options: AcmeOptions): AcmeCertificate {
  checkOptions(OPTIONS, options, {what: 'acme'});
  const {directory = LETS_ENCRYPT} = options;
  if (!isMailAddress(options.email)) throw new SpecError(`acme: "${options.email}" is no mail address`);
  if (!URL.canParse(directory) || !directory.startsWith('https://')) {
    throw new SpecError(`acme: "${directory}" is no URL of a directory`);
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
