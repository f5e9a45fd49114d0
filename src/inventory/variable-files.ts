import {statSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {namesIn} from '../local/read-file.js';
import {type Diagnostic, didYouMean, faultAt, type SourceText} from '../model/index.js';
import type {Draft} from './groups.js';
import {importVariables, readVariables, type VariableMap} from './variables.js';
import {openYaml} from './yaml.js';

/**
 * All files that an inventory is made from: itself, then those in `group_vars/` and `host_vars/` next to it. Absolute
 * paths. Only names are read, so the files may have faults.
 */
export function inventoryFiles(inventory: string): string[] {
  return [resolve(inventory), ...variableFiles(inventory).map(({file}) => file)];
}

/** A file of variables next to an inventory, for the group or host of its name. */
interface VariableFile {
  /** Absolute path. */
  readonly file: string;
  readonly kind: 'group' | 'host';
  readonly name: string;
  /** The entry of `group_vars/` or `host_vars/` itself: the file, or its directory. */
  readonly entry: string;
  /** It has no YAML extension, which Ansible allows: it counts only if a group or host has its name. */
  readonly bare: boolean;
}

/** `group_vars/web.yml`, or all files of the directory `group_vars/web/`, sorted; `host_vars/` alike. */
export function variableFiles(inventory: string): VariableFile[] {
  const directory = dirname(resolve(inventory));
  return [...filesOf(join(directory, 'group_vars'), 'group'), ...filesOf(join(directory, 'host_vars'), 'host')];
}

function filesOf(directory: string, kind: VariableFile['kind']): VariableFile[] {
  return variableNames(directory).flatMap((entry) => {
    const path = join(directory, entry);
    if (!isDirectory(path)) return {file: path, kind, name: entry.replace(YAML, ''), entry, bare: !YAML.test(entry)};
    const inner = variableNames(path).filter((name) => YAML.test(name) && !isDirectory(join(path, name)));
    return inner.map((name) => ({file: join(path, name), kind, name: entry, entry, bare: false}));
  });
}

/** As in Ansible, without hidden files and backups of editors. */
function variableNames(directory: string): string[] {
  return namesIn(directory).filter((name) => !/^\.|~$|\.(?:bak|orig|swp|md)$/.test(name));
}

const YAML = /\.(?:ya?ml|json)$/;

const isDirectory = (path: string) => statSync(path, {throwIfNoEntry: false})?.isDirectory() === true;

/** A file of variables with its text. */
export type VariableSource = VariableFile & SourceText;

/**
 * Adds what the files of `group_vars/` and `host_vars/` say to a draft, and gives the faults in them. Names that only
 * another inventory of the same directory has (`elsewhere`) are skipped.
 */
export function readVariableFiles(
  draft: Draft,
  sources: readonly VariableSource[],
  elsewhere: (source: VariableSource) => boolean,
): Diagnostic[] {
  const entries = new Map<VariableMap, string>();
  return sources.flatMap((source) => {
    const files = targetOf(draft, source)?.files;
    if (files === undefined) return source.bare || elsewhere(source) ? [] : unknownName(draft, source);
    const first = entries.get(files) ?? source.entry;
    entries.set(files, first);
    const rival = first === source.entry ? [] : rivals(source, first);
    return [...rival, ...(isVault(source) ? vaulted(source) : readFile(source, files))];
  });
}

/** As {@link readVariableFiles} for an import: what cannot be used is skipped. */
export function importVariableFiles(draft: Draft, sources: readonly VariableSource[]): void {
  for (const source of sources) {
    const files = targetOf(draft, source)?.files;
    if (files === undefined) continue;
    const yaml = openYaml(source, ['!vault', '!unsafe']);
    const read = isVault(source) ? [] : importVariables(yaml, yaml.entries(yaml.root, 'a file of variables'));
    const faults = isVault(source) ? 'it is encrypted with Ansible Vault' : yaml.faults()[0]?.message;
    for (const [key, variable] of faults === undefined ? read : []) files.set(key, variable);
    const note = `${source.file} is left out: ${faults}`;
    if (faults !== undefined) files.set(source.file, {value: undefined, at: 0, setting: false, note});
  }
}

function targetOf({groups, hosts}: Draft, {kind, name}: VariableFile) {
  return kind === 'group' ? groups.get(name) : hosts.get(name);
}

function unknownName({groups, hosts}: Draft, source: VariableSource): Diagnostic[] {
  const {kind, name} = source;
  const [known, others] = kind === 'group' ? [groups, hosts] : [hosts, groups];
  const directory = kind === 'group' ? 'host_vars' : 'group_vars';
  const moved = others.has(name)
    ? `That is a ${kind === 'group' ? 'host' : 'group'}; move the file to ${directory}/.`
    : undefined;
  const hint =
    moved ?? didYouMean(name, known.keys()) ?? `The ${kind}s are: ${[...known.keys()].slice(0, 12).join(', ')}.`;
  return [faultAt(source, 0, `the inventory has no ${kind} "${name}"`, hint)];
}

/** Ansible would read one of `web.yml` and `web/`, and silently not the other. */
function rivals(source: VariableSource, first: string): Diagnostic[] {
  const message = `"${first}" and "${source.entry}" are both for the ${source.kind} "${source.name}"`;
  return [faultAt(source, 0, message, 'Keep one of them: a file, or a directory of files.')];
}

const isVault = ({text}: SourceText) => text.startsWith('$ANSIBLE_VAULT');

function vaulted(source: SourceText): Diagnostic[] {
  const hint = 'Store its values with infra secrets, and use them with secret() in the playbook.';
  return [faultAt(source, 0, 'this file is encrypted with Ansible Vault, which cannot be read', hint)];
}

function readFile(source: SourceText, files: VariableMap): Diagnostic[] {
  const yaml = openYaml(source);
  const read = readVariables(yaml, yaml.entries(yaml.root, 'a file of variables'));
  for (const [key, variable] of read) files.set(key, variable);
  return yaml.faults();
}
