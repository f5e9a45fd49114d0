import {existsSync, readFileSync} from 'node:fs';
import {replaceFile} from '../local/write-file.js';
import {InputError} from '../model/index.js';
import {newKeyPair, recipientOf} from './age.js';
import {identityFile, loadIdentities, type Place, writeIdentities} from './identity.js';
import {withSecretsLock} from './lock.js';
import {checkRecipients, projectRecipients, recipientsFile, recipientsOf, refuseUnlisted} from './recipients.js';
import {openStore, sealAll, writeValues} from './store.js';

/** How much was encrypted anew, and for how many. */
export interface Resealed {
  readonly values: number;
  readonly recipients: number;
}

/**
 * Changes who can read the secrets: `change` gets the text of `recipients.txt`, and every value of every file is
 * encrypted for those in the text that it returns. Everything is opened and encrypted before the first file is written;
 * whoever is killed in between runs it again. Rejects with `InputError` when something cannot be opened, when a
 * recipient is wrong, and when we could not read it ourselves any more.
 */
export function resealAll(
  place: Place,
  notice: (text: string) => void,
  change: (text: string) => string,
): Promise<Resealed> {
  return withSecretsLock(place.root, () => reseal(place, notice, change));
}

/** The same for whoever has the lock. */
async function reseal(place: Place, notice: (text: string) => void, change: (text: string) => string) {
  await projectRecipients(place, loadIdentities(place), notice);
  const file = recipientsFile(place.root);
  const text = change(readFileSync(file, 'utf8'));
  const listed = await checkRecipients(text, file);
  const keys = listed.map(({key}) => key);
  const own = loadIdentities(place);
  if (own) refuseUnlisted(place.root, listed, own, await recipientsOf(own));
  const store = openStore(place, notice);
  const sealed = await Promise.all(
    store.files().map(async (name) => {
      const opening = [...store.sealed(name)].map(async ([key, value]) => [key, await store.open(key, value)] as const);
      return [store.path(name), await sealAll(new Map(await Promise.all(opening)), keys)] as const;
    }),
  );
  for (const [path, values] of sealed) writeValues(path, values);
  replaceFile(file, text, 0o644);
  return {values: sealed.reduce((sum, [, values]) => sum + values.size, 0), recipients: keys.length};
}

/**
 * Replaces the identity in the project's own file by a new one, and encrypts everything for that instead of the old one.
 * The file holds both until then, so that whoever is killed in between can read everything. Rejects with `InputError`,
 * also when the identity is kept elsewhere.
 */
export async function rotateIdentity(place: Place, notice: (text: string) => void): Promise<Resealed> {
  const file = identityFile(place.root);
  const old = loadIdentities(place);
  if (old?.from !== file || !existsSync(file)) {
    const message = old ? `the identity is kept in ${old.from}, not by infra` : `there is no identity in ${file}`;
    const hint = 'make the new one there, add it with "infra secrets recipients add", then remove the old one';
    throw new InputError([{message, hint}]);
  }
  return withSecretsLock(place.root, async () => {
    const {identity, recipient} = await newKeyPair();
    const outdated = await Promise.all(old.keys.map(recipientOf));
    writeIdentities(place.root, [identity, ...old.keys], recipient);
    const resealed = await reseal(place, notice, (text) => replaced(text, outdated, recipient));
    writeIdentities(place.root, [identity], recipient);
    return resealed;
  });
}

/** The first of the old ones becomes the new one, where it stands; the others go. */
function replaced(text: string, old: readonly string[], recipient: string): string {
  let given = false;
  const lines = text.split('\n').flatMap((line) => {
    if (!old.includes(line.trim())) return [line];
    if (given) return [];
    given = true;
    return [recipient];
  });
  return lines.join('\n');
}
