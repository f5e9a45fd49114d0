import {readFileSync} from 'node:fs';
import {dirname, extname, join, resolve} from 'node:path';
import {errorCode, namesIn} from '../local/read-file.js';
import {type Diagnostic, faultAt, InputError, type Inventory, type SourceText} from '../model/index.js';
import {compileInventory} from './compile-inventory.js';
import {type Draft, newDraft, readGroups} from './groups.js';
import {readVariableFiles, type VariableSource, variableFiles} from './variable-files.js';
import {openYaml} from './yaml.js';

/**
 * The inventory in a YAML file laid out as Ansible's, with the variables of `group_vars/` and `host_vars/` next to it.
 * Throws `InputError` with every fault of all these files at once. Relative paths in any of them are taken from the
 * directory of the inventory file.
 */
export function loadInventory(file: string): Inventory {
  const path = resolve(file);
  return parseInventory(
    readText(path, 'inventory', () => neighbours(path)),
    path,
    loadVariables(path),
  );
}

/** As {@link loadInventory}; `file` is the absolute path that positions name and relative paths start from. */
export function parseInventory(text: string, file: string, variables: readonly VariableSource[] = []): Inventory {
  if (isIni(text)) throw new InputError([iniFault({file, text})]);
  const yaml = openYaml({file, text});
  const draft = readGroups(yaml);
  const others = readVariableFiles(draft, variables, ({kind, name}) => isNamedBeside(file, kind, name));
  const inventory = compileInventory(yaml, draft, [file, ...variables.map((each) => each.file)]);
  const faults = [...yaml.faults(), ...others];
  if (faults.length > 0) throw new InputError(faults);
  return inventory;
}

/** The texts of the files of variables next to an inventory. */
export function loadVariables(inventory: string): VariableSource[] {
  const hint = () => 'Get permission to read it, or move it out of the directory.';
  return variableFiles(inventory).map((each) => ({...each, text: readText(each.file, 'variables in', hint)}));
}

/** The text of a file. Throws `InputError` when it cannot be read or is not UTF-8; `hint` is called only then. */
export function readText(path: string, what: string, hint: () => string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(path));
  } catch (cause) {
    throw new InputError([{message: `cannot read the ${what} ${path}: ${reason(cause)}`, hint: hint()}]);
  }
}

/** Whether a text has the heads of Ansible's INI format. */
export function isIni(text: string): boolean {
  return /^\s*\[[\w.-]+(?::\w+)?\]\s*(?:$|[#;])/m.test(text);
}

function reason(cause: unknown): string {
  if (cause instanceof TypeError) return 'it is not UTF-8 text';
  const code = errorCode(cause);
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  return code === 'EACCES' ? 'permission denied' : String(code ?? cause);
}

function iniFault(source: SourceText): Diagnostic {
  const hint = 'Convert it: ansible-inventory --list --yaml --export';
  return faultAt(
    source,
    Math.max(0, source.text.indexOf('[')),
    "this is Ansible's INI format; an inventory is YAML",
    hint,
  );
}

/** Several inventories may share the files of variables in their directory; not each of them has all hosts. */
function isNamedBeside(file: string, kind: VariableSource['kind'], name: string): boolean {
  const directory = dirname(file);
  return yamlFilesIn(directory).some((other) => {
    const path = join(directory, other);
    if (path === file) return false;
    const {groups, hosts} = draftOf(path);
    return (kind === 'group' ? groups : hosts).has(name);
  });
}

/** The groups and hosts of a file whose faults do not matter here. */
function draftOf(path: string): Draft {
  try {
    return readGroups(openYaml({file: path, text: readText(path, 'inventory', () => '')}), true);
  } catch {
    return newDraft();
  }
}

function neighbours(path: string): string {
  for (const directory of [path, dirname(path)]) {
    const files = yamlFilesIn(directory);
    if (files.length > 0)
      return `The inventories near it are: ${files.map((name) => join(directory, name)).join(', ')}.`;
  }
  return 'Name the file with --inventory.';
}

function yamlFilesIn(directory: string): string[] {
  return namesIn(directory).filter((name) => ['.yml', '.yaml'].includes(extname(name)));
}
