import {readFileSync, statSync} from 'node:fs';
import {callSite, check, checkOptions, InputError} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import type {OwnCertificate} from '../../tasks/index.js';
import {checkOwn} from './check-own.js';

export interface OwnCertificateFiles {
  /**
   * A PEM file of this machine: the server's certificate, then those that lead to the root. From the project's
   * directory.
   */
  readonly certificate: string;
  /** The private key: a PEM file that only its owner may read, or better a secret: `secret('tls/site')`. */
  readonly key: string | Secret;
}

/**
 * A certificate of one's own, for `certificateFor` and the roles. Throws `InputError` when it cannot be used.
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
  const message = `${file} is a private key, and others than its owner may read it`;
  throw new InputError([{message, at: callSite(), hint: `run: chmod 600 ${file}`}]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`, at: callSite(), hint: HINT}]);
  }
}

const HINT = 'paths count from the directory that infra runs in';
