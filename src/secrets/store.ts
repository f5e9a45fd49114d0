import {join} from 'node:path';
import {readIfThere} from '../local/read-file.js';
import {replaceFile} from '../local/write-file.js';
import {InputError} from '../model/index.js';
import {seal, unseal} from './age.js';
import {type Identities, loadIdentities, type Place} from './identity.js';
import {withSecretsLock} from './lock.js';
import {projectRecipients, valueFiles} from './recipients.js';
import {damaged, noIdentity, notForUs} from './store-faults.js';
import {editValues, parseValues, type SealedValue, type SealedValues} from './values-file.js';

/** The encrypted values of a project. `file` is the first part of a file's name: `secrets/FILE.age.yaml`. */
export interface Store {
  path(file: string): string;
  /** The files that there are, in order. */
  files(): readonly string[];
  /** The values of a file, still sealed; none when there is no such file. Throws `InputError`. */
  sealed(file: string): SealedValues;
  /** Opens one of them. Rejects with `InputError` when it is for others or damaged, or when there is no identity. */
  open(name: string, value: SealedValue): Promise<string>;
  /**
   * Puts in, replaces and (undefined) takes out values of a file, while nobody else writes: `changes` is called when
   * that is certain, and finds the file as it then is. Makes what is missing: the directory, an identity in a project
   * without encrypted values, the list of recipients. Rejects with `InputError`, and then nothing has changed.
   */
  edit(file: string, changes: () => Promise<Changes>): Promise<void>;
}

/** New values in clear by name; undefined: it goes. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** `notice` gets what an operator has to know: that an identity was made. */
export function openStore(place: Place, notice: (text: string) => void): Store {
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
      const wished = await changes();
      if (wished.size === 0) return;
      const recipients = await projectRecipients(place, identities(), notice);
      writeValues(path(file), await sealAll(wished, recipients));
    });
  return {path, files: () => valueFiles(directory), sealed, open, edit};
}

/** Encrypts values for recipients; those to be taken out stay undefined. */
export async function sealAll(clear: Changes, recipients: readonly string[]): Promise<Changes> {
  const sealing = [...clear].map(
    async ([name, value]) => [name, value === undefined ? undefined : await seal(value, recipients)] as const,
  );
  return new Map(await Promise.all(sealing));
}

/** Puts sealed values into a file of them; everything else in it stays as it was. */
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

/** A value that is in the file now, and whether it was this very call that made it. */
interface Kept {
  readonly clear: string;
  readonly added: boolean;
}

/**
 * Sees to it that a file has values by these names. Those it lacks are made and kept, while nobody else writes; of those
 * it has, another run's too, the present value counts. Rejects with `InputError`, and then nothing has changed.
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
