import {createPrivateKey, X509Certificate} from 'node:crypto';
import {InputError} from '../model/index.js';
import type {Secret} from '../shell/index.js';

/** In its last days, a year, the user is warned. */
const WARNING_DAYS = 365;

const DAY = 86_400_000;

/** The certificate of an authority. Throws `InputError` when the text is not one, or when it has expired. */
export function checkRoot(text: string, file: string, now: Date): X509Certificate {
  const root = parseRoot(text, file);
  if (!root.ca) throw refusal(`${file} is not the certificate of an authority`, RESTORE);
  if (daysLeft(root, now) < 0)
    throw refusal(`${file} expired on ${endOf(root)}: the certificates that it issued are no longer valid`, RENEW);
  return root;
}

/** Throws `InputError` unless the private key is that of the certificate. */
export function checkKey(root: X509Certificate, key: Secret, file: string): void {
  if (!belongs(root, key)) throw refusal(`the private key among the secrets is not that of ${file}`, RESTORE);
}

/** A sentence about a certificate that expires soon, or undefined. */
export function expiryWarning(root: X509Certificate, file: string, now: Date): string | undefined {
  const days = daysLeft(root, now);
  return days < WARNING_DAYS ? `${file} expires on ${endOf(root)}, in ${Math.floor(days)} days. ${RENEW}` : undefined;
}

function belongs(root: X509Certificate, key: Secret): boolean {
  try {
    return root.checkPrivateKey(createPrivateKey(key.reveal()));
  } catch {
    return false;
  }
}

function parseRoot(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw refusal(`${file} cannot be read as a certificate`, RESTORE);
  }
}

const daysLeft = ({validTo}: X509Certificate, now: Date) => (Date.parse(validTo) - now.getTime()) / DAY;

const endOf = ({validTo}: X509Certificate) => new Date(validTo).toISOString().slice(0, 10);

const RESTORE = 'Restore it from version control, or remove it: then a new one is made for the key among the secrets.';

const RENEW = 'Remove it: the next run makes a new one for the same key and puts it on the hosts.';

const refusal = (message: string, hint: string) => new InputError([{message, hint}]);
