import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {loadSources} from '../playbooks/sources.js';

/** SHA-256 of a playbook and all files that it imports, in hexadecimal. */
export function playbookDigest(file: string): string {
  return digest(loadSources(file).map(({text}) => text));
}

/** SHA-256 of a file, in hexadecimal. */
export function fileDigest(file: string): string {
  return digest([readFileSync(file, 'utf8')]);
}

function digest(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
