import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {readIfThere} from '../local/read-file.js';
import {replaceFile} from '../local/write-file.js';
import {type Diagnostic, InputError, type Position} from '../model/index.js';
import {isSound, recipientOf} from './age.js';
import {type Identities, makeIdentity, type SecretsProject} from './identity.js';
import {madeIdentity, noIdentity, notListed} from './store-faults.js';

/** A person or a machine that can read the secrets. */
export interface Recipient {
  /** `age1…` */
  readonly key: string;
  /** The comment line above it: whose key it is. Empty if there is none. */
  readonly name: string;
  readonly at: Position;
}

/** The file with the recipients of the project in the directory `root`. */
export const recipientsFile = (root: string) => join(root, 'secrets', 'recipients.txt');

/** The recipients of a project; undefined when there is no such file yet. Rejects with `InputError`. */
export async function loadRecipients(root: string): Promise<readonly Recipient[] | undefined> {
  const file = recipientsFile(root);
  try {
    const text = readIfThere(file);
    return text === undefined ? undefined : await checkRecipients(text, file);
  } catch (cause) {
    if (cause instanceof InputError || !(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`}]);
  }
}

/** The recipients in a text, with their check sums verified. Rejects with `InputError`. */
export async function checkRecipients(text: string, file: string): Promise<readonly Recipient[]> {
  const recipients = parseRecipients(text, file);
  for (const {key, at} of recipients) if (!(await isSound(key))) throw new InputError([unsound(at)]);
  return recipients;
}

/**
 * One `age1…` a line; empty lines and lines that begin with `#` are comments, as for `age --recipients-file`. Throws
 * `InputError` with every fault and its line.
 */
export function parseRecipients(text: string, file: string): readonly Recipient[] {
  const faults: Diagnostic[] = [];
  const recipients: Recipient[] = [];
  let name = '';
  for (const [index, line] of text.split('\n').entries()) {
    const key = line.trim();
    const at = {file, line: index + 1, column: 1};
    if (isRecipient(key)) recipients.push({key, name, at});
    else if (key !== '' && !key.startsWith('#')) faults.push(noRecipient(key, at));
    name = key.startsWith('#') ? key.replace(/^#\s*/, '') : '';
  }
  if (faults.length === 0 && recipients.length === 0)
    faults.push({message: `${file} names no recipient`, hint: 'Add your own: infra secrets recipients add age1…'});
  if (faults.length > 0) throw new InputError(faults);
  return recipients;
}

/** The text with a recipient added at its end. */
export function addRecipient(text: string, {key, name}: Pick<Recipient, 'key' | 'name'>): string {
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${before}${name === '' ? '' : `# ${name}\n`}${key}\n`;
}

/** The text without a recipient and the comment line above it. Everything else stays as it was. */
export function removeRecipient(text: string, key: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.trim() === key);
  const named = at > 0 && lines[at - 1]?.trim().startsWith('#');
  return at < 0 ? text : lines.toSpliced(named ? at - 1 : at, named ? 2 : 1).join('\n');
}

/** Whether a text has the form of a native X25519 recipient. The library verifies the check sum at its end. */
export const isRecipient = (text: string) => /^age1[ac-hj-np-z02-9]{58}$/.test(text);

function unsound(at: Position): Diagnostic {
  return {message: 'the check sum of this age recipient is wrong', at, hint: 'Copy it again: a character is wrong.'};
}

function noRecipient(key: string, at: Diagnostic['at']): Diagnostic {
  if (/^AGE-SECRET-KEY-/i.test(key)) {
    const hint = 'Remove it from here and make a new one: everybody who saw this file can read the secrets.';
    return {message: 'this is an identity, which must stay private, not a recipient', at, hint};
  }
  const hint = 'A recipient is one line of 62 characters that begins with age1.';
  return {message: 'this is not an age recipient', at, hint};
}

/**
 * The keys that new values are encrypted for: those in `secrets/recipients.txt`, which must name the user who writes
 * them. Makes what a fresh project lacks: the directory, an identity, the list. Rejects with `InputError`.
 */
export async function projectRecipients(
  {root}: SecretsProject,
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

/** Whether the project has encrypted values or a list of recipients. */
export function isBegun(root: string): boolean {
  const directory = join(root, 'secrets');
  return existsSync(recipientsFile(root)) || valueFiles(directory).length > 0;
}

/**
 * The first parts of the names of the files of encrypted values in a directory, in order; none if it does not exist.
 */
export function valueFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(ENDING));
  return names.map((name) => name.slice(0, -ENDING.length)).sort();
}

const ENDING = '.age.yaml';

/** The recipients of our own identities. */
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
