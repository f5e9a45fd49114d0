import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {inventoryFiles} from '../inventory/files.js';
import {codeFiles} from '../playbooks/packages.js';

/** SHA-256 of a playbook and all files that it imports, those of packages too, in hexadecimal. */
export function playbookDigest(file: string): string {
  const {playbook, package: packages} = codeFiles(file);
  return digest([...playbook, ...packages].map((each) => readFileSync(each, 'utf8')));
}

/** SHA-256 of an inventory and of all files of variables beside it, with their paths in its folder; in hexadecimal. */
export function inventoryDigest(file: string): string {
  const [first = file, ...others] = inventoryFiles(file);
  const named = others.flatMap((each) => [path.relative(path.dirname(first), each), readFileSync(each, 'utf8')]);
  return digest([readFileSync(first, 'utf8'), ...named]);
}

function digest(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
