import {type Diagnostic, didYouMean, faultAt, type Source} from '../model/index.js';
import type {VariableFile} from './files.js';
import type {Draft} from './groups.js';
import {importVariables} from './import-variables.js';
import {readVariables, type Variables} from './variables.js';
import {openYaml} from './yaml.js';

/** A file of variables with its text. */
export type VariableSource = VariableFile & Source;

/**
 * Adds what the files of `group_vars/` and `host_vars/` say to a draft, and gives the faults in them. Names that only
 * another inventory of the same directory has (`elsewhere`) are passed over.
 */
export function readVariableFiles(
  draft: Draft,
  sources: readonly VariableSource[],
  elsewhere: (source: VariableSource) => boolean,
): Diagnostic[] {
  const entries = new Map<Variables, string>();
  return sources.flatMap((source) => {
    const files = targetOf(draft, source)?.files;
    if (files === undefined) return source.bare || elsewhere(source) ? [] : unknownName(draft, source);
    const first = entries.get(files) ?? source.entry;
    entries.set(files, first);
    const rival = first === source.entry ? [] : rivals(source, first);
    return [...rival, ...(isVault(source) ? vaulted(source) : readFile(source, files))];
  });
}

/** As {@link readVariableFiles} for an import: what cannot be used is passed over. */
export function importVariableFiles(draft: Draft, sources: readonly VariableSource[]): void {
  for (const source of sources) {
    const files = targetOf(draft, source)?.files;
    if (files === undefined) continue;
    const yaml = openYaml(source, ['!vault', '!unsafe']);
    const read = isVault(source) ? [] : importVariables(yaml, yaml.entries(yaml.root, 'a file of variables'));
    const faults = isVault(source) ? 'Ansible Vault has encrypted it' : yaml.faults()[0]?.message;
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
    ? `that is a ${kind === 'group' ? 'host' : 'group'}: move the file to ${directory}/`
    : undefined;
  const hint = moved ?? didYouMean(name, known.keys()) ?? `${kind}s: ${[...known.keys()].slice(0, 12).join(', ')}`;
  return [faultAt(source, 0, `the inventory has no ${kind} "${name}"`, hint)];
}

/** Ansible would read one of `web.yml` and `web/`, and silently not the other. */
function rivals(source: VariableSource, first: string): Diagnostic[] {
  const message = `"${first}" and "${source.entry}" are both for the ${source.kind} "${source.name}"`;
  return [faultAt(source, 0, message, 'keep one: a file, or a directory of files')];
}

const isVault = ({text}: Source) => text.startsWith('$ANSIBLE_VAULT');

function vaulted(source: Source): Diagnostic[] {
  const hint = 'put its values under infra secrets, and take them with secret() in the playbook';
  return [faultAt(source, 0, 'Ansible Vault has encrypted this file, which is not read', hint)];
}

function readFile(source: Source, files: Variables): Diagnostic[] {
  const yaml = openYaml(source);
  const read = readVariables(yaml, yaml.entries(yaml.root, 'a file of variables'));
  for (const [key, variable] of read) files.set(key, variable);
  return yaml.faults();
}
