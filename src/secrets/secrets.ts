import {callSite, InputError, type Position, type SecretSource} from '../model/index.js';
import {Secret} from '../shell/index.js';
import type {SecretsProject} from './identity.js';
import {makeMask} from './mask.js';
import {checkLength, checkName, generatePassword} from './names.js';
import {givenIn, readSource} from './source.js';
import {keepMissing, openStore, type Store} from './store.js';

/** The file with the secrets that playbooks ask for by name: `secrets/passwords.age.yaml`. */
export const PASSWORDS = 'passwords';

/** The secrets of a project, by names such as `mysql/app`. */
export interface Secrets {
  /**
   * A secret by name: from the environment (`mysql/app` is `INFRA_SECRET_MYSQL_APP`), else from its source, else from
   * the encrypted file, else generated; then `save` keeps it. The same object each time. Throws `InputError` when it
   * cannot be read or kept secret.
   */
  get(name: string, source?: SecretSource): Secret;
  /** Whether a secret with this name exists already. Throws `InputError` when it cannot be read. */
  has(name: string): boolean;
  /**
   * Keeps what `get` has generated since the last call. False when another run has kept one of them first: from now on
   * `get` returns the kept value, and what was made with the earlier value must be made again. Rejects with
   * `InputError` when they cannot be kept.
   */
  save(): Promise<boolean>;
  /**
   * A secret that is made once: from the environment, else from the file, else what `make` resolves to, which is kept
   * before this resolves. However many runs ask at once, one makes it and all get the same. `file` is the first part of
   * the name of a separate file, `secrets/FILE.age.yaml`, which is opened only here. Rejects with `InputError`.
   */
  keep(name: string, make: () => Promise<string>, options?: {readonly file?: string}): Promise<Secret>;
  /** The age recipients of the project, which are not secret. A project without them gets its first. Rejects with `InputError`. */
  recipients(): Promise<readonly string[]>;
  /** Masks a secret that was made elsewhere, from now on. Returns it. */
  hide(secret: Secret): Secret;
  /** Masks every secret returned so far, as it is and as quoted, escaped or encoded. */
  mask(text: string): string;
}

/**
 * Opens the secrets of a project. A secret that is wrong is an error only for the caller that asks for it. `notice`
 * gets what the operator has to know: what was generated, and where it is.
 */
export async function openSecrets(place: SecretsProject, notice: (text: string) => void = () => {}): Promise<Secrets> {
  const store = openStore(place, notice);
  const found = finder(store, await openAll(store, PASSWORDS), place);
  const masked = makeMask();
  const hide = (secret: Secret) => {
    masked.add(secret.reveal());
    return secret;
  };
  const save = async () => {
    if (found.pending.size === 0) return true;
    const makes = [...found.pending].map(([name, clear]) => [name, async () => clear] as const);
    const kept = [...(await keepMissing(store, PASSWORDS, new Map(makes)))];
    found.pending.clear();
    const added = kept.filter(([, each]) => each.added).map(([name]) => name);
    if (added.length > 0) notice(generated(added, store.path(PASSWORDS)));
    for (const [name, {clear, added}] of kept) if (!added) found.known.set(name, hide(new Secret(clear)));
    return added.length === kept.length;
  };
  const keep: Secrets['keep'] = async (name, make, {file = PASSWORDS} = {}) => {
    checkName(name);
    const given = givenIn(name, place.env)?.clear ?? (await readOne(store, file, name));
    if (given !== undefined) return hide(new Secret(given));
    const kept = (await keepMissing(store, file, new Map([[name, make]]))).get(name);
    if (kept === undefined) throw new Error(`${name} was not kept, and nothing says why`);
    if (kept.added) notice(generated([name], store.path(file)));
    return hide(new Secret(kept.clear));
  };
  return {
    ...{get: (name, source) => hide(found.get(name, source)), has: found.has, save, keep, hide, mask: masked.mask},
    recipients: store.recipients,
  };
}

const generated = (names: readonly string[], file: string) => `Generated ${names.join(', ')} in ${file}`;

async function readOne(store: Store, file: string, name: string): Promise<string | undefined> {
  const value = store.sealed(file).get(name);
  return value && store.open(name, value);
}

/** The secrets that are known by now, and those that were generated and are not kept yet. */
function finder(store: Store, opened: Opened, place: SecretsProject) {
  const known = new Map<string, Secret>();
  const declared = new Map<string, string>();
  const pending = new Map<string, string>();
  const get = (name: string, source?: SecretSource) => {
    const at = callSite();
    const words = JSON.stringify(source) ?? declared.get(name) ?? '';
    const before = known.get(name);
    if (before && words !== (declared.get(name) ?? '')) throw new InputError([twice(name, at)]);
    const secret = before ?? new Secret(find(name, source, at));
    known.set(name, secret);
    declared.set(name, words);
    return secret;
  };
  const find = (name: string, source: SecretSource | undefined, at: Position | undefined) => {
    checkName(name, at);
    const given = givenIn(name, place.env) ?? (source && readSource(source, place, at));
    const clear = given?.clear ?? opened.get(name);
    if (clear !== undefined) {
      checkLength(name, clear, given?.place ?? store.path(PASSWORDS), at);
      return clear;
    }
    const made = generatePassword();
    pending.set(name, made);
    return made;
  };
  const has = (name: string) =>
    known.has(name) || givenIn(name, place.env) !== undefined || opened.get(name) !== undefined;
  return {known, pending, get, has};
}

function twice(name: string, at: Position | undefined) {
  const message = `the secret "${name}" was asked for before, from another source`;
  return {message, at, hint: 'Give its source only where it is first asked for, or use another name.'};
}

/** The opened values of a file. */
interface Opened {
  /**
   * Undefined when there is no value with this name. Throws `InputError` when it, or the whole file, cannot be opened.
   */
  get(name: string): string | undefined;
}

/** Opens all values of a file at once. One that cannot be opened is an error only when it is asked for. */
async function openAll(store: Store, file: string): Promise<Opened> {
  try {
    const opening = [...store.sealed(file)].map(async ([name, value]) => {
      return [name, await store.open(name, value).catch(expected)] as const;
    });
    const values = new Map(await Promise.all(opening));
    return {get: (name) => orThrow(values.get(name))};
  } catch (error) {
    const fault = expected(error);
    return {get: () => orThrow(fault)};
  }
}

function expected(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}

function orThrow(value: string | InputError | undefined): string | undefined {
  if (value instanceof InputError) throw value;
  return value;
}
