import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createFile} from '../local/write-file.js';
import {type Authority, InputError} from '../model/index.js';
import type {Secret} from '../shell/index.js';
import {checkKey, checkRoot, expiryWarning} from './check-root.js';
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
