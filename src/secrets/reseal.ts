import {existsSync, readFileSync} from 'node:fs';
import {replaceFile} from '../local/write-file.js';
import {InputError} from '../model/index.js';
import {newKeyPair, recipientOf} from './age.js';
import {identityFile, loadIdentities, type SecretsProject, writeIdentities} from './identity.js';
import {withSecretsLock} from './lock.js';
import {checkRecipients, projectRecipients, recipientsFile, recipientsOf, refuseUnlisted} from './recipients.js';
import {openStore, sealAll, writeValues} from './store.js';

/** How many values were encrypted again, and for how many recipients. */
export interface Resealed {
  readonly values: number;
  readonly recipients: number;
}

/**
 * Changes who can read the secrets: `change` gets the text of `recipients.txt`, and every value of every file is
 * encrypted for the recipients in the text that it returns. Everything is opened and encrypted before the first file is
 * written; after a kill in between, run it again. Rejects with `InputError` when a value cannot be opened, when a
 * recipient is wrong, and when we could no longer read the secrets ourselves.
 */
export function resealAll(
  place: SecretsProject,
  notice: (text: string) => void,
  change: (text: string) => string,
): Promise<Resealed> {
  return withSecretsLock(place.root, () => reseal(place, notice, change));
}

/** The same for a caller that holds the lock. */
async function reseal(place: SecretsProject, notice: (text: string) => void, change: (text: string) => string) {
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
 * Replaces the identity in the project's own file with a new one, and encrypts everything for the new one instead of
 * the old one. The file holds both until then, so that everything can be read after a kill in between. Rejects with
 * `InputError`, also when the identity is kept elsewhere.
 */
export async function rotateIdentity(place: SecretsProject, notice: (text: string) => void): Promise<Resealed> {
  const file = identityFile(place.root);
  const old = loadIdentities(place);
  if (old?.from !== file || !existsSync(file)) {
    const message = old ? `the identity is kept in ${old.from}, not by infra` : `there is no identity in ${file}`;
    const hint = 'Make the new one there, add it with "infra secrets recipients add", then remove the old one.';
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

/** The text with the first old recipient replaced by the new one, in its place, and the other old ones removed. */
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
