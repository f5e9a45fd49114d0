import {readFileSync} from 'node:fs';
import path from 'node:path';
import {inventoryFiles} from '../inventory/files.js';
import {sha256OfAll} from '../local/digest.js';
import {codeFiles} from '../playbooks/packages.js';

/** SHA-256 of a playbook and all files that it imports, those of packages too, in hexadecimal. */
export function playbookDigest(file: string): string {
  const {playbook, package: packages} = codeFiles(file);
  return sha256OfAll([...playbook, ...packages].map((each) => readFileSync(each, 'utf8')));
}

/** SHA-256 of an inventory and of all files of variables beside it, with their paths in its folder; in hexadecimal. */
export function inventoryDigest(file: string): string {
  const [first = file, ...others] = inventoryFiles(file);
  const named = others.flatMap((each) => [path.relative(path.dirname(first), each), readFileSync(each, 'utf8')]);
  return sha256OfAll([readFileSync(first, 'utf8'), ...named]);
}
