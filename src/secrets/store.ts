import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {type Diagnostic, InputError} from '../model/index.js';
import {recipientOf, seal, unseal} from './age.js';
import {type Identities, loadIdentities, makeIdentity, type Place} from './identity.js';
import {withSecretsLock} from './lock.js';
import {addRecipient, loadRecipients, recipientsFile} from './recipients.js';
import {replaceFile} from './replace-file.js';
import {damaged, madeIdentity, noIdentity, notForUs, notListed} from './store-faults.js';
import {editValues, parseValues, type SealedValue, type SealedValues} from './values-file.js';

/** The encrypted values of a project. `file` is the first part of a file's name: `secrets/FILE.age.yaml`. */
export interface Store {
  path(file: string): string;
  /** The values of a file, still sealed; none when there is no such file. Throws `InputError`. */
  sealed(file: string): SealedValues;
  /** Opens one of them. Rejects with `InputError` when it is for others or damaged, or when there is no identity. */
  open(name: string, value: SealedValue): Promise<string>;
  /**
   * Puts in, replaces and (undefined) takes out values of a file, while nobody else writes: `changes` is called when that
   * is certain, and finds the file as it then is. Makes what is missing: the folder, an identity in a project without
   * encrypted values, the list of recipients. Rejects with `InputError`, and then nothing has changed.
   */
  edit(file: string, changes: () => Promise<ReadonlyMap<string, string | undefined>>): Promise<void>;
}

/** `notice` gets what an operator has to know: that an identity was made. */
export function openStore(place: Place, notice: (text: string) => void): Store {
  const folder = join(place.root, 'secrets');
  const path = (file: string) => join(folder, `${file}.age.yaml`);
  let loaded: Identities | undefined;
  const identities = () => {
    loaded ??= loadIdentities(place);
    return loaded;
  };
  const open = async (name: string, {armored, at}: SealedValue) => {
    const known = identities() ?? refuse({...noIdentity(at.file), at});
    const opened = await unseal(armored, known.keys);
    if (typeof opened === 'object') return opened.clear;
    throw new InputError([{...(opened === 'damaged' ? damaged(name) : notForUs(name, known)), at}]);
  };
  const edit: Store['edit'] = (file, changes) =>
    withSecretsLock(place.root, async () => {
      const wished = await changes();
      if (wished.size === 0) return;
      const recipients = await recipientsFor(place, folder, identities(), notice);
      const sealing = [...wished].map(
        async ([name, clear]) => [name, clear === undefined ? undefined : await seal(clear, recipients)] as const,
      );
      replaceFile(path(file), editValues(read(path(file)), path(file), new Map(await Promise.all(sealing))), 0o644);
    });
  return {path, open, edit, sealed: (file) => parseValues(read(path(file)), path(file))};
}

/** Who shall be able to read what is written now: whoever writes it, always. */
async function recipientsFor(
  {root}: Place,
  folder: string,
  known: Identities | undefined,
  notice: (text: string) => void,
): Promise<readonly string[]> {
  const listed = await loadRecipients(root);
  mkdirSync(folder, {recursive: true});
  if (known === undefined && (listed || holdsValues(folder))) return refuse(noIdentity(folder));
  const own = known ?? (await makeIdentity(root));
  if (known === undefined) notice(madeIdentity(root));
  const keys = await Promise.all(own.keys.map(recipientOf));
  if (listed === undefined) {
    const name = userInfo().username;
    replaceFile(
      recipientsFile(root),
      keys.reduce((text, key) => addRecipient(text, {key, name}), ''),
      0o644,
    );
    return keys;
  }
  if (!listed.some(({key}) => keys.includes(key))) refuse(notListed(recipientsFile(root), own, keys));
  return listed.map(({key}) => key);
}

function refuse(fault: Diagnostic): never {
  throw new InputError([fault]);
}

const holdsValues = (folder: string) => readdirSync(folder).some((name) => name.endsWith('.age.yaml'));

function read(file: string): string {
  if (!existsSync(file)) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`}]);
  }
}
