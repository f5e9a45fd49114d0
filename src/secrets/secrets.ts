import {randomInt} from 'node:crypto';
import {join} from 'node:path';
import {callSite, InputError} from '../model/index.js';
import {Secret} from '../shell/index.js';
import {makeMask} from './mask.js';
import {addPassword, loadPasswords} from './passwords-file.js';

/** The secrets of a project, by names such as `mysql/app`. */
export interface Secrets {
  /** Where generated secrets are kept. Absolute if `root` is. */
  readonly file: string;
  /** Names generated so far, in order. */
  readonly generated: readonly string[];
  /**
   * A secret by name: from the environment (`mysql/app` is `INFRA_SECRET_MYSQL_APP`), else from the file, else generated
   * and kept there. The same object each time. Throws `InputError` when it cannot be read, kept, or kept secret.
   */
  get(name: string): Secret;
  /** Whether there is one by this name already. Throws `InputError` when that cannot be read. */
  has(name: string): boolean;
  /** Puts a mask over every secret handed out so far, as it is and as quoted, escaped or encoded. */
  mask(text: string): string;
}

/** Opens the secrets of the project in the folder `root`. Nothing is read before the first `get`. */
export function openSecrets({root, env}: {readonly root: string; readonly env: NodeJS.ProcessEnv}): Secrets {
  const file = join(root, 'secrets', 'passwords.yml');
  const known = new Map<string, Secret>();
  const generated: string[] = [];
  const masked = makeMask();
  const get = (name: string) => {
    const secret = known.get(name) ?? new Secret(find(file, env, name, generated));
    known.set(name, secret);
    masked.add(secret.reveal());
    return secret;
  };
  const has = (name: string) => known.has(name) || givenIn(file, env, name) !== undefined;
  return {file, generated, get, has, mask: masked.mask};
}

function find(file: string, env: NodeJS.ProcessEnv, name: string, generated: string[]): string {
  if (!/^[A-Za-z0-9]+(?:[/_.-][A-Za-z0-9]+)*$/.test(name)) {
    throw refusal(`"${name}" is not a name of a secret`, 'use letters and digits, parted by "/", "-", "_" or "."');
  }
  const given = givenIn(file, env, name);
  if (given === undefined) {
    const kept = addPassword(file, name, generatePassword());
    if (kept.added) generated.push(name);
    return kept.password;
  }
  if (given.length < SHORTEST) {
    const variable = variableOf(name);
    const place = env[variable] === undefined ? file : `the environment variable ${variable}`;
    const fault =
      given === '' ? 'is empty' : `has fewer than ${SHORTEST} characters, too few to keep out of the output`;
    throw refusal(
      `the secret "${name}" in ${place} ${fault}`,
      'choose a longer one, or remove it to have one generated',
    );
  }
  return given;
}

function givenIn(file: string, env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[variableOf(name)] ?? loadPasswords(file).get(name);
}

const variableOf = (name: string) => `INFRA_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** Masking anything shorter would garble the output and still let it be guessed. */
const SHORTEST = 4;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 32 of 62 characters, 190 bits; `randomInt` draws without bias from the system's generator. */
function generatePassword(): string {
  return Array.from({length: 32}, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

function refusal(message: string, hint: string): InputError {
  return new InputError([{message, at: callSite(), hint}]);
}
