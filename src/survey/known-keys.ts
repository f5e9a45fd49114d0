import {appendFile, mkdir} from 'node:fs/promises';
import path from 'node:path';
import {readIfThere} from '../local/read-file.js';
import {entriesFor, type HostKey, knownHostName, parseKnownHosts} from '../transport/index.js';

/**
 * What `known_hosts` says about the keys that a server shows: it names one of them; it does not name the server; it
 * names only other keys, which an attacker in between would cause too; it revokes one.
 */
export type KeyStanding = 'known' | 'unknown' | 'changed' | 'revoked';

/** Looks a server's keys up in files of known hosts; files that are missing hold nothing. */
export async function standingOf(
  keys: readonly HostKey[],
  address: string,
  port: number,
  files: readonly string[],
): Promise<KeyStanding> {
  const texts = files.map((file) => readIfThere(file) ?? '');
  const entries = entriesFor(texts.flatMap(parseKnownHosts), address, port);
  const shown = new Set(keys.map(({key}) => key));
  if (entries.some(({marker, key}) => marker === '@revoked' && shown.has(key))) return 'revoked';
  const plain = entries.filter(({marker}) => marker === '');
  if (plain.some(({key}) => shown.has(key))) return 'known';
  return plain.length > 0 ? 'changed' : 'unknown';
}

/**
 * Adds keys whose fingerprints the user has confirmed to a file of known hosts: only those that it does not name yet, in
 * one write at its end, so that existing entries and those that another program adds stay. Makes the file and its
 * directory, for the user alone, where they are missing. Throws the error of the file system.
 */
export async function trustHostKeys(
  file: string,
  address: string,
  port: number,
  keys: readonly HostKey[],
): Promise<void> {
  const text = readIfThere(file) ?? '';
  const known = new Set(entriesFor(parseKnownHosts(text), address, port).map(({key}) => key));
  const name = knownHostName(address, port);
  const lines = keys.filter(({key}) => !known.has(key)).map(({type, key}) => `${name} ${type} ${key}\n`);
  if (lines.length === 0) return;
  const unfinished = text !== '' && !text.endsWith('\n');
  await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
  await appendFile(file, `${unfinished ? '\n' : ''}${lines.join('')}`, {mode: 0o600});
}
