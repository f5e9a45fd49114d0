import {createPrivateKey, X509Certificate} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createFile} from '../local/write-file.js';
import {type Authority, InputError} from '../model/index.js';
import type {Secret} from '../shell/index.js';
import {generateKey} from './key.js';
import {makeLeaf, makeRoot} from './make-certificates.js';

/** Where the authority's private key is kept, encrypted. */
export interface KeyStore {
  /** The text kept under a name; made and kept first if it is missing. Rejects with `InputError`. */
  keep(name: string, make: () => string | Promise<string>): Promise<Secret>;
}

/** What {@link openAuthority} works with. */
export interface AuthoritySettings {
  /** The directory of the certificate, `authority.crt`, which is public: put it in version control. Absolute. */
  readonly directory: string;
  /** What a new authority is called. */
  readonly name: string;
  readonly keys: KeyStore;
  /** Called with a sentence when an authority was made, and in the last year of its certificate. */
  readonly notice: (sentence: string) => void;
  /** What time it is; default the system's clock. */
  readonly now?: () => Date;
}

/** The name of its key in the {@link KeyStore}. */
export const AUTHORITY_KEY = 'authority/key';

/**
 * The project's certification authority, made when its directory has none. Its key is read when something is issued,
 * and not before. Without `authority.crt` a new one is made for the key that is kept: an authority is renewed this way,
 * and everything that it issued stays valid. Rejects with `InputError` when it has expired or cannot be used.
 */
export async function openAuthority(settings: AuthoritySettings): Promise<Authority> {
  const {directory, keys, notice, now = () => new Date()} = settings;
  const file = join(directory, 'authority.crt');
  if (!existsSync(file)) await create(file, settings, now());
  const certificate = readFileSync(file, 'utf8');
  const root = checkRoot(certificate, file, now());
  const warning = expiryWarning(root, file, now());
  if (warning !== undefined) notice(warning);
  return {
    certificate,
    issue: async (request) => {
      const key = await keys.keep(AUTHORITY_KEY, () => refuseWithoutKey(file));
      checkKey(root, key, file);
      return makeLeaf({certificate, key}, request, now());
    },
  };
}

async function create(file: string, {name, keys, notice}: AuthoritySettings, now: Date): Promise<void> {
  const key = await keys.keep(AUTHORITY_KEY, generateKey);
  writeNew(file, await makeRoot(name, key.reveal(), now));
  notice(`Made the certification authority "${name}". Commit its certificate ${file}, which is public.`);
}

/** A file that another run wrote in the meantime stays. */
function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    createFile(file, text, 0o644);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([
      {message: `${file} cannot be written: ${cause.message}`, hint: 'Fix the cause and run again.'},
    ]);
  }
}

function refuseWithoutKey(file: string): never {
  const message = `the private key of ${file} is not among the secrets (${AUTHORITY_KEY})`;
  const hint =
    'Restore the key from the machine where the project was made, or remove the certificate to start with a new authority.';
  throw new InputError([{message, hint}]);
}

/** In its last days, a year, the user is warned. */
const WARNING_DAYS = 365;

const DAY = 86_400_000;

/** The certificate of an authority. Throws `InputError` when the text is not one, or when it has expired. */
function checkRoot(text: string, file: string, now: Date): X509Certificate {
  const root = parseRoot(text, file);
  if (!root.ca) throw refusal(`${file} is not the certificate of an authority`, RESTORE);
  if (daysLeft(root, now) < 0)
    throw refusal(`${file} expired on ${endOf(root)}: the certificates that it issued are no longer valid`, RENEW);
  return root;
}

/** Throws `InputError` unless the private key is that of the certificate. */
function checkKey(root: X509Certificate, key: Secret, file: string): void {
  if (!belongs(root, key)) throw refusal(`the private key among the secrets is not that of ${file}`, RESTORE);
}

/** A sentence about a certificate that expires soon, or undefined. */
function expiryWarning(root: X509Certificate, file: string, now: Date): string | undefined {
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
