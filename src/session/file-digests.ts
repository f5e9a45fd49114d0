import {readFileSync} from 'node:fs';
import path from 'node:path';
import {inventoryFiles} from '../inventory/variable-files.js';
import {sha256OfAll} from '../local/digest.js';
import {codeFiles} from '../playbooks/sources.js';
import type {RunHead} from '../records/index.js';

/** SHA-256 of a playbook and all files that it imports, also those of packages, in hexadecimal. */
export function playbookDigest(file: string): string {
  const {playbook, package: packages} = codeFiles(file);
  return sha256OfAll([...playbook, ...packages].map((each) => readFileSync(each, 'utf8')));
}

/**
 * SHA-256 of an inventory and of all files of variables next to it, with their paths in its directory, in hexadecimal.
 */
export function inventoryDigest(file: string): string {
  const [first = file, ...others] = inventoryFiles(file);
  const named = others.flatMap((each) => [path.relative(path.dirname(first), each), readFileSync(each, 'utf8')]);
  return sha256OfAll([readFileSync(first, 'utf8'), ...named]);
}

/** The files of a run that have changed since. A file that cannot be read is not among them. */
export function changedSince({playbook, inventory}: RunHead): string[] {
  const isChanged = (digest: () => string, before: string) => {
    try {
      return digest() !== before;
    } catch {
      // Loading it will report why it cannot be read.
      return false;
    }
  };
  return [
    ...(isChanged(() => playbookDigest(playbook.file), playbook.digest) ? [playbook.file] : []),
    ...(isChanged(() => inventoryDigest(inventory.file), inventory.digest) ? [inventory.file] : []),
  ];
}
