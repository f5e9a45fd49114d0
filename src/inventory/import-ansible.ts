import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, resolve} from 'node:path';
import {faultAt, InputError, type SourceText} from '../model/index.js';
import {type Merged, mergeVariables} from './compile-inventory.js';
import {type Draft, readGroups} from './groups.js';
import {parseIni} from './ini.js';
import {isIni, loadVariables, readText} from './load.js';
import type {Settings} from './settings.js';
import {importVariableFiles} from './variable-files.js';
import {openYaml} from './yaml.js';

/** A server from the configuration of another tool, for a new project. */
export interface ImportedHost {
  /** Valid as the name of a host in an inventory. */
  readonly name: string;
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Private key file, as written: it may begin with `~`, else it is absolute. It existed when this was read. */
  readonly identityFile?: string | undefined;
  /** Names of the groups it is in, the outermost first, without `all`. */
  readonly groups: readonly string[];
  /** Other names for the same server. */
  readonly aliases?: readonly string[] | undefined;
  /** What could not be imported, in sentences without a full stop. Several hosts may have the same one. */
  readonly notes: readonly string[];
}

/**
 * The hosts of an inventory of Ansible's, in YAML or INI, with `group_vars/` and `host_vars/` next to it. How they are
 * reached is imported; the hosts have notes about what cannot be. Throws `InputError` where the file cannot be
 * understood.
 */
export function importAnsible(file: string): ImportedHost[] {
  const path = resolve(file);
  const text = readText(path, 'inventory', () => 'Name the file of an inventory, in YAML or INI.');
  const draft = parseAnsible({file: path, text});
  importVariableFiles(draft, loadVariables(path));
  const found = (name: string) => [resolve(dirname(path), name), resolve(name)].find((each) => existsSync(each));
  const hosts = [...mergeVariables(draft)].map(([name, merged]) => importHost(name, merged, found));
  return hosts.filter(({name}, index) => hosts.findIndex((other) => other.name === name) === index);
}

/** The groups, hosts and variables of an inventory, whichever of the two formats it is in. Throws `InputError`. */
function parseAnsible(source: SourceText): Draft {
  if (source.text.startsWith('#!')) {
    const hint = `Let Ansible write it to a file: ansible-inventory -i ${source.file} --list --yaml --output hosts.yml`;
    throw new InputError([faultAt(source, 0, 'this inventory is a program, and programs are not run', hint)]);
  }
  if (!isYaml(source)) return parseIni(source);
  const yaml = openYaml(source, ['!vault', '!unsafe']);
  const draft = readGroups(yaml, true);
  const faults = yaml.faults();
  if (faults.length > 0) throw new InputError(faults);
  return draft;
}

/** A host's name made of what may be an address or a word with other characters. */
export function hostName(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[.-]+|-+$/g, '');
  return plain === '' ? 'host' : plain;
}

function isYaml({file, text}: SourceText): boolean {
  if (isIni(text)) return false;
  return /\.(?:ya?ml|json)$/.test(file) || /^(?:---|\{|[\w.-]+:\s*(?:#.*|\{.*)?$)/m.test(text);
}

/** `found` returns the absolute path of a key file that exists. */
function importHost(written: string, {groups, variables}: Merged, found: (name: string) => string | undefined) {
  const settings = Object.fromEntries(
    [...variables].flatMap(([key, {setting, value}]) => (setting ? [[key, value]] : [])),
  ) as Settings; // each was checked against its schema when it was read
  const [, bare = written, port] = /^([^:]+):(\d{1,5})$/.exec(written) ?? [];
  const name = hostName(bare);
  const key = settings.identityFiles?.[0];
  const identityFile = key === undefined ? undefined : keyFile(key, found);
  const notes = [
    ...[...variables.values()].flatMap(({note}) => note ?? []),
    ...(key !== undefined && identityFile === undefined ? [`the key file ${key} does not exist`] : []),
    ...(name === bare ? [] : [`Ansible calls it "${bare}"`]),
  ];
  return {
    name,
    address: settings.address ?? bare,
    port: settings.port ?? (port === undefined ? undefined : Number(port)),
    user: settings.user,
    identityFile,
    groups: groups.filter((group) => group !== 'all' && group !== 'ungrouped'),
    notes,
  } satisfies ImportedHost;
}

/** A path that begins with `~` stays so: others of the team have other home directories. */
function keyFile(written: string, found: (name: string) => string | undefined): string | undefined {
  if (!written.startsWith('~/')) return found(written);
  return existsSync(resolve(homedir(), written.slice(2))) ? written : undefined;
}
