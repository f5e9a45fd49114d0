import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {InputError} from '../../src/model/index.js';
import {newKeyPair, seal} from '../../src/secrets/age.js';
import {openSecrets} from '../../src/secrets/index.js';
import {editValues} from '../../src/secrets/values-file.js';

/**
 * The directory of a project, gone after the test. With values: those, an identity that opens them, and its recipient.
 */
export async function newProject(t: ExecutionContext, values?: Readonly<Record<string, string>>): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'infra-secrets-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  if (values === undefined) return root;
  const {identity, recipient} = await newKeyPair();
  const sealed = Object.entries(values).map(async ([name, clear]) => [name, await seal(clear, [recipient])] as const);
  mkdirSync(join(root, 'secrets'));
  mkdirSync(join(root, '.infra'));
  writeFileSync(join(root, '.infra/identity.txt'), `${identity}\n`, {mode: 0o600});
  writeFileSync(join(root, 'secrets/recipients.txt'), `${recipient}\n`);
  writeFileSync(passwordsOf(root), editValues('', passwordsOf(root), new Map(await Promise.all(sealed))));
  return root;
}

export const passwordsOf = (root: string) => join(root, 'secrets/passwords.age.yaml');

/** Opens its secrets, and keeps what it tells the operator. */
export async function opened(root: string, env: NodeJS.ProcessEnv = {}) {
  const notices: string[] = [];
  const secrets = await openSecrets({root, env}, (text) => notices.push(text));
  return {...secrets, notices};
}

/** What an `InputError` says. Fails the test when there is none. */
export async function faultsOf(t: ExecutionContext, act: () => unknown) {
  const error = await t.throwsAsync(async () => void (await act()), {instanceOf: InputError});
  return error?.diagnostics ?? [];
}
