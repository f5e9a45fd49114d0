import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {replaceFile} from '../local/write-file.js';
import {type Diagnostic, InputError} from '../model/index.js';
import {recipientOf} from './age.js';
import {type Identities, makeIdentity, type Place} from './identity.js';
import {addRecipient, loadRecipients, type Recipient, recipientsFile} from './recipients.js';
import {madeIdentity, noIdentity, notListed} from './store-faults.js';

/**
 * Who shall be able to read what is written now: those in `secrets/recipients.txt`, and whoever writes it always. Makes
 * what a fresh project lacks: the directory, an identity, the list. Rejects with `InputError`.
 */
export async function projectRecipients(
  {root}: Place,
  known: Identities | undefined,
  notice: (text: string) => void,
): Promise<readonly string[]> {
  const listed = await loadRecipients(root);
  if (known === undefined && isBegun(root)) return refuse(noIdentity(join(root, 'secrets')));
  const own = known ?? (await makeIdentity(root));
  if (known === undefined) notice(madeIdentity(root));
  const keys = await recipientsOf(own);
  if (listed === undefined) return beginList(root, keys);
  refuseUnlisted(root, listed, own, keys);
  return listed.map(({key}) => key);
}

/** Whether somebody has kept secrets in this project, or said who shall read them. */
export function isBegun(root: string): boolean {
  const directory = join(root, 'secrets');
  return existsSync(recipientsFile(root)) || valueFiles(directory).length > 0;
}

/**
 * The files of encrypted values in a directory by the first part of their names, in order; none without a directory.
 */
export function valueFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(ENDING));
  return names.map((name) => name.slice(0, -ENDING.length)).sort();
}

const ENDING = '.age.yaml';

export const recipientsOf = ({keys}: Identities) => Promise.all(keys.map(recipientOf));

/** Throws `InputError` unless one of our own recipients is among those listed. */
export function refuseUnlisted(
  root: string,
  listed: readonly Pick<Recipient, 'key'>[],
  own: Identities,
  keys: readonly string[],
): void {
  if (!listed.some(({key}) => keys.includes(key))) refuse(notListed(recipientsFile(root), own, keys));
}

function beginList(root: string, keys: readonly string[]): readonly string[] {
  mkdirSync(join(root, 'secrets'), {recursive: true});
  const name = userName();
  replaceFile(
    recipientsFile(root),
    keys.reduce((text, key) => addRecipient(text, {key, name}), ''),
    0o644,
  );
  return keys;
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

function refuse(fault: Diagnostic): never {
  throw new InputError([fault]);
}
