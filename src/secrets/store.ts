import {join} from 'node:path';
import {readIfThere} from '../local/read-file.js';
import {replaceFile} from '../local/write-file.js';
import {InputError} from '../model/index.js';
import {seal, unseal} from './age.js';
import {type Identities, loadIdentities, type SecretsProject} from './identity.js';
import {withSecretsLock} from './lock.js';
import {loadRecipients, projectRecipients, valueFiles} from './recipients.js';
import {damaged, noIdentity, notForUs} from './store-faults.js';
import {editValues, parseValues, type SealedValue, type SealedValues} from './values-file.js';

/** The encrypted values of a project. `file` is the first part of a file's name: `secrets/FILE.age.yaml`. */
export interface Store {
  /** The path of a file. */
  path(file: string): string;
  /** The files that exist, in order. */
  files(): readonly string[];
  /** The values of a file, still encrypted; none when the file does not exist. Throws `InputError`. */
  sealed(file: string): SealedValues;
  /** Decrypts a value. Rejects with `InputError` when it is for others or damaged, or when there is no identity. */
  open(name: string, value: SealedValue): Promise<string>;
  /**
   * Adds, replaces and (undefined) removes values of a file, under the lock: `changes` is called once the lock is held,
   * and sees the file as it is then. Makes what is missing: the directory, an identity in a project without encrypted
   * values, the list of recipients. Rejects with `InputError`, and then nothing has changed.
   */
  edit(file: string, changes: () => Promise<Changes>): Promise<void>;
  /** The project's recipients. Makes what is missing, as `edit` does. Rejects with `InputError`. */
  recipients(): Promise<readonly string[]>;
}

/** New values in clear by name; undefined: the value is removed. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** The encrypted values of a project. `notice` gets what the operator has to know: that an identity was made. */
export function openStore(place: SecretsProject, notice: (text: string) => void): Store {
  const directory = join(place.root, 'secrets');
  const path = (file: string) => join(directory, `${file}.age.yaml`);
  const sealed = (file: string) => parseValues(read(path(file)), path(file));
  let loaded: Identities | undefined;
  const identities = () => {
    loaded ??= loadIdentities(place);
    return loaded;
  };
  const open = async (name: string, {armored, at}: SealedValue) => {
    const known = identities();
    if (known === undefined) throw new InputError([{...noIdentity(at.file), at}]);
    const opened = await unseal(armored, known.keys);
    if (typeof opened === 'object') return opened.clear;
    throw new InputError([{...(opened === 'damaged' ? damaged(name) : notForUs(name, known)), at}]);
  };
  const edit: Store['edit'] = (file, changes) =>
    withSecretsLock(place.root, async () => {
      const desired = await changes();
      if (desired.size === 0) return;
      const recipients = await projectRecipients(place, identities(), notice);
      writeValues(path(file), await sealAll(desired, recipients));
    });
  const recipients = async () => {
    const listed = await loadRecipients(place.root);
    if (listed) return listed.map(({key}) => key);
    return withSecretsLock(place.root, () => projectRecipients(place, identities(), notice));
  };
  return {path, files: () => valueFiles(directory), sealed, open, edit, recipients};
}

/** Encrypts values for recipients; those to be removed stay undefined. */
export async function sealAll(clear: Changes, recipients: readonly string[]): Promise<Changes> {
  const sealing = [...clear].map(
    async ([name, value]) => [name, value === undefined ? undefined : await seal(value, recipients)] as const,
  );
  return new Map(await Promise.all(sealing));
}

/** Writes encrypted values to a file; everything else in it stays as it was. */
export function writeValues(file: string, changes: Changes): void {
  replaceFile(file, editValues(read(file), file, changes), 0o644);
}

function read(file: string): string {
  try {
    return readIfThere(file) ?? '';
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`}]);
  }
}

/** A value that is in the file now, and whether this call has added it. */
interface Kept {
  readonly clear: string;
  readonly added: boolean;
}

/**
 * Ensures that a file has values with these names. Missing ones are made and kept, under the lock; existing ones, also
 * those that another run has just kept, stay. Rejects with `InputError`, and then nothing has changed.
 */
export async function keepMissing(
  store: Store,
  file: string,
  makes: ReadonlyMap<string, () => Promise<string>>,
): Promise<ReadonlyMap<string, Kept>> {
  const kept = new Map<string, Kept>();
  await store.edit(file, async () => {
    const present = store.sealed(file);
    for (const [name, make] of makes) {
      const value = present.get(name);
      const clear = value ? await store.open(name, value) : await make();
      kept.set(name, {clear, added: value === undefined});
    }
    return new Map([...kept].filter(([, {added}]) => added).map(([name, {clear}]) => [name, clear]));
  });
  return kept;
}
