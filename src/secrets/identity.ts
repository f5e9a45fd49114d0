import {spawnSync} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Project} from '../local/project.js';
import {privateDirectory, replaceFile} from '../local/write-file.js';
import {InputError} from '../model/index.js';
import {newKeyPair} from './age.js';

/** The project that the secrets belong to, and the environment that may say how to open them. */
export type SecretsProject = Pick<Project, 'root' | 'env'>;

/** Private age keys, and where they come from, for messages. */
export interface Identities {
  readonly keys: readonly string[];
  readonly from: string;
}

/** The directory that a working copy keeps for itself; Git ignores it. */
export const stateDirectory = (root: string) => join(root, '.infra');

/** The file with the identity of the user of this working copy. */
export const identityFile = (root: string) => join(stateDirectory(root), 'identity.txt');

/** Seconds for a command that may ask for a passphrase. */
const COMMAND_SECONDS = 120;

/**
 * The identities to open secrets with: `INFRA_AGE_IDENTITY` (keys themselves), else the file that
 * `INFRA_AGE_IDENTITY_FILE` names, else what the shell command `INFRA_AGE_IDENTITY_COMMAND` prints, else the project's
 * `.infra/identity.txt`; undefined when there is none of these. Throws `InputError` when they cannot be read, or when
 * others can read the file.
 */
export function loadIdentities({root, env}: SecretsProject): Identities | undefined {
  const {INFRA_AGE_IDENTITY: keys, INFRA_AGE_IDENTITY_FILE: file, INFRA_AGE_IDENTITY_COMMAND: command} = env;
  if (keys) return parseIdentities(keys, 'INFRA_AGE_IDENTITY');
  if (file) return parseIdentities(readPrivate(file) ?? missing(file), file);
  if (command) return parseIdentities(outputOf(command), 'what INFRA_AGE_IDENTITY_COMMAND prints');
  const own = identityFile(root);
  const text = readPrivate(own);
  if (text === undefined) return undefined;
  refuseUnignored(own);
  return parseIdentities(text, own);
}

/**
 * Makes the identity of a project, in a file that only its owner can read and Git ignores, and returns its keys.
 * Rejects with `InputError`.
 */
export async function makeIdentity(root: string): Promise<Identities> {
  const file = identityFile(root);
  const {identity, recipient} = await newKeyPair();
  writeIdentities(root, [identity], recipient);
  return {keys: [identity], from: file};
}

/** Writes identities to the project's own file. `recipient` is that of the first. Throws `InputError`. */
export function writeIdentities(root: string, keys: readonly string[], recipient: string): void {
  const file = identityFile(root);
  privateDirectory(stateDirectory(root));
  refuseUnignored(file);
  replaceFile(file, `# created: ${new Date().toISOString()}\n# public key: ${recipient}\n${keys.join('\n')}\n`);
}

function parseIdentities(text: string, from: string): Identities {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const other = keys.findIndex((key) => !/^AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}$/.test(key));
  if (keys.length > 0 && other < 0) return {keys, from};
  const what = keys.length === 0 ? 'holds no age identity' : 'is not an age identity';
  const line = other < 0 ? undefined : lines.indexOf(keys[other] ?? '') + 1;
  const where = line === undefined || lines.length === 1 ? from : `line ${line} of ${from}`;
  throw new InputError([{message: `${where} ${what}`, hint: hintFor(text)}]);
}

function hintFor(text: string): string {
  if (/^(-----BEGIN AGE|age-encryption\.org)/m.test(text))
    return "It is protected by a passphrase. Let age ask for it: INFRA_AGE_IDENTITY_COMMAND='age --decrypt FILE'";
  if (/-----BEGIN .*PRIVATE KEY-----/.test(text)) return 'SSH keys are not read. Make an identity: infra secrets init';
  return 'An identity is one line that begins with AGE-SECRET-KEY-1, as age-keygen and infra secrets init make it.';
}

/** What a command prints. Its prompts and errors go to the operator, on standard error. */
function outputOf(command: string): string {
  const {status, error, stdout} = spawnSync('sh', ['-c', command], {
    stdio: ['inherit', 'pipe', 'inherit'],
    timeout: COMMAND_SECONDS * 1000,
    encoding: 'utf8',
  });
  if (status === 0) return stdout;
  const message = `INFRA_AGE_IDENTITY_COMMAND ${error ? `failed: ${error.message}` : `ended with exit code ${status}`}`;
  throw new InputError([{message, hint: 'Run it by hand: it must print an age identity to standard output.'}]);
}

function missing(file: string): never {
  const message = `INFRA_AGE_IDENTITY_FILE names ${file}, which does not exist`;
  throw new InputError([{message, hint: 'Name the file of your age identity, or unset the variable.'}]);
}

/** The text of a file that only its owner may read; undefined if there is no file. Throws `InputError`. */
function readPrivate(file: string): string | undefined {
  try {
    const stat = statSync(file, {throwIfNoEntry: false});
    if (stat === undefined) return undefined;
    refuseMode(file, stat.mode & 0o077, 'users other than its owner may read', 'chmod 600');
    refuseMode(
      dirname(file),
      statSync(dirname(file)).mode & 0o022,
      'users other than its owner may write to',
      'chmod 700',
    );
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof InputError || !(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`, hint: 'Fix that, then try again.'}]);
  }
}

function refuseMode(path: string, excess: number, what: string, command: string): void {
  if (excess === 0) return;
  throw new InputError([{message: `${path} holds a private key and ${what} it`, hint: `Run: ${command} ${path}`}]);
}

/** Throws `InputError` when a file is in a Git repository that does not ignore it. Its directory must exist. */
function refuseUnignored(file: string): void {
  // 0: ignored, 1: not ignored, 128: no repository; no status: no git.
  const {status} = spawnSync('git', ['check-ignore', '--quiet', '--', file], {cwd: dirname(file), stdio: 'ignore'});
  if (status !== 1) return;
  const message = `${file} would hold a private key, and Git does not ignore it`;
  throw new InputError([
    {
      message,
      hint: 'Add the line ".infra/" to .gitignore. If it was committed, run git rm --cached and replace it: infra secrets rotate',
    },
  ]);
}
