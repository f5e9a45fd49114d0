import {readdirSync, readFileSync} from 'node:fs';
import {dirname, extname, join, resolve} from 'node:path';
import {type Diagnostic, faultAt, InputError, type Inventory, type Source} from '../model/index.js';
import {readGroups} from './groups.js';
import {compileInventory} from './hosts.js';
import {openYaml} from './yaml.js';

/**
 * The inventory in a YAML file laid out as Ansible's. Throws `InputError` with every fault of the file at once.
 * Relative paths in it are taken from its own folder.
 */
export function loadInventory(file: string): Inventory {
  const path = resolve(file);
  return parseInventory(readText(path), path);
}

/** As {@link loadInventory}; `file` is the absolute path that positions name and relative paths start from. */
export function parseInventory(text: string, file: string): Inventory {
  if (/^\s*\[[\w.-]+(?::\w+)?\]\s*(?:$|[#;])/m.test(text)) throw new InputError([iniFault({file, text})]);
  const yaml = openYaml({file, text});
  const draft = readGroups(yaml);
  const inventory = compileInventory(yaml, draft);
  const faults = yaml.faults();
  if (faults.length > 0) throw new InputError(faults);
  return inventory;
}

function iniFault(source: Source): Diagnostic {
  const hint = 'convert it: ansible-inventory --list --yaml --export';
  return faultAt(
    source,
    Math.max(0, source.text.indexOf('[')),
    "this is Ansible's INI format; an inventory is YAML",
    hint,
  );
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(path));
  } catch (cause) {
    throw new InputError([{message: `cannot read the inventory ${path}: ${reason(cause)}`, hint: neighbours(path)}]);
  }
}

function reason(cause: unknown): string {
  if (cause instanceof TypeError) return 'it is not UTF-8 text';
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return code === 'EACCES' ? 'permission denied' : String(code ?? cause);
}

function neighbours(path: string): string {
  for (const folder of [path, dirname(path)]) {
    const files = yamlFilesIn(folder);
    if (files.length > 0) return `inventories near it: ${files.map((name) => join(folder, name)).join(', ')}`;
  }
  return 'name the file with --inventory';
}

function yamlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => ['.yml', '.yaml'].includes(extname(name)));
  } catch {
    return [];
  }
}
