import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createFile} from '../local/write-file.js';
import {type Authority, InputError} from '../model/index.js';
import type {Secret} from '../shell/index.js';
import {checkKey, checkRoot, remaining} from './check-root.js';
import {generateKey} from './key.js';
import {makeLeaf} from './make-certificates.js';
import {makeRoot} from './make-certificates.js';

/** Where the authority's private key is kept, encrypted. */
export interface KeyStore {
  /** The text kept under a name; made and kept first when there is none. Rejects with `InputError`. */
  keep(name: string, make: () => string | Promise<string>): Promise<Secret>;
}

export interface AuthoritySettings {
  /** The directory of the certificate, `authority.crt`, which is public and belongs into version control. Absolute. */
  readonly directory: string;
  /** What a new authority is called. */
  readonly name: string;
  readonly keys: KeyStore;
  /** Told in a sentence when an authority was made, and when its own end comes near. */
  readonly notice: (sentence: string) => void;
  /** What time it is; default the system's clock. */
  readonly now?: () => Date;
}

/** The name of its key in the {@link KeyStore}. */
export const AUTHORITY_KEY = 'authority/key';

/**
 * The project's certification authority, made when its directory holds none. Its key is read when something is issued,
 * and not before. Without `authority.crt` a new one is made for the key that is kept: so is an authority renewed, and
 * all that it has issued stays valid. Rejects with `InputError` when it has expired or cannot be used.
 */
export async function openAuthority(settings: AuthoritySettings): Promise<Authority> {
  const {directory, keys, notice, now = () => new Date()} = settings;
  const file = join(directory, 'authority.crt');
  if (!existsSync(file)) await begin(file, settings, now());
  const certificate = readFileSync(file, 'utf8');
  const root = checkRoot(certificate, file, now());
  const ending = remaining(root, file, now());
  if (ending !== undefined) notice(ending);
  return {
    certificate,
    issue: async (request) => {
      const key = await keys.keep(AUTHORITY_KEY, () => refuseWithoutKey(file));
      checkKey(root, key, file);
      return makeLeaf({certificate, key}, request, now());
    },
  };
}

async function begin(file: string, {name, keys, notice}: AuthoritySettings, now: Date): Promise<void> {
  const key = await keys.keep(AUTHORITY_KEY, generateKey);
  writeNew(file, await makeRoot(name, key.reveal(), now));
  notice(`Made the certification authority "${name}": ${file} is public, commit it`);
}

/** What another run wrote in the meantime stays. */
function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    createFile(file, text, 0o644);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be written: ${cause.message}`, hint: 'mend that and run again'}]);
  }
}

function refuseWithoutKey(file: string): never {
  const message = `the private key of ${file} is not among the secrets (${AUTHORITY_KEY})`;
  const hint = 'bring it back from where the project was made; or remove the certificate to begin with a new authority';
  throw new InputError([{message, hint}]);
}
