import {isScalar} from 'yaml';
import {didYouMean, type SourceText} from '../model/index.js';
import {ALIASES, REFUSED, SETTINGS, type Setting} from './settings.js';
import type {Yaml, YamlEntry} from './yaml.js';

/** One variable or connection setting (the latter under our own name). */
export interface Variable {
  readonly value: unknown;
  /** Offset of its key in `source`. */
  readonly at: number;
  /** The file that sets it; undefined in an import. */
  readonly source?: SourceText;
  readonly setting: boolean;
  /** Why an import leaves it out. */
  readonly note?: string;
}

export type VariableMap = Map<string, Variable>;

/** The variables of a group or a host; connection settings are checked, everything else is taken as it is. */
export function readVariables(yaml: Yaml, entries: readonly YamlEntry[]): VariableMap {
  const variables: VariableMap = new Map();
  for (const entry of entries) {
    const setting = ALIASES.get(entry.key);
    if (setting !== undefined) readSetting(yaml, entry, setting, variables);
    else if (!isFaulty(yaml, entry)) {
      variables.set(entry.key, {
        value: yaml.value(entry) ?? null,
        at: entry.keyAt,
        source: yaml.source,
        setting: false,
      });
    }
  }
  return variables;
}

/** As {@link readVariables}, but nothing is refused: what cannot be used is left out with a note. */
export function importVariables(yaml: Yaml, entries: readonly YamlEntry[]): VariableMap {
  return new Map(entries.map((entry) => importVariable(entry.key, yaml.value(entry), entry.keyAt)));
}

/** One variable of an Ansible inventory, under our own name where it says how a host is reached. */
export function importVariable(key: string, value: unknown, at: number): [string, Variable] {
  const left = (note: string): [string, Variable] => {
    return [key, {value: undefined, at, setting: false, note: `${key} is left out: ${note}`}];
  };
  const refused = REFUSED.get(key);
  if (refused !== undefined) {
    const note = `${key} is left out. ${refused.replace(/\.$/, '')}`;
    return [key, {value: undefined, at, setting: false, note}];
  }
  const setting = ALIASES.get(key);
  if (setting === undefined) {
    return key.startsWith('ansible_') ? left('infra does not use it') : [key, {value, at, setting: false}];
  }
  if (typeof value === 'string' && value.includes('{{')) return left('Ansible expressions are not evaluated');
  const checked = SETTINGS[setting].safeParse(fitting(setting, value) ?? '');
  if (checked.success) return [setting, {value: checked.data, at, setting: true}];
  return left(`it ${checked.error.issues[0]?.message ?? 'cannot be used'}`);
}

function readSetting(yaml: Yaml, entry: YamlEntry, setting: Setting, variables: VariableMap): void {
  const {key, keyAt, valueAt} = entry;
  if (variables.has(setting)) yaml.report(keyAt, `"${key}" repeats another key of this mapping`, 'Remove one of them.');
  const value = yaml.value(entry);
  if (typeof value === 'string' && value.includes('{{')) {
    yaml.report(valueAt, `"${key}" holds an Ansible expression, which is not evaluated`, 'Write the value itself.');
    return;
  }
  const checked = SETTINGS[setting].safeParse(value ?? '');
  if (checked.success) variables.set(setting, {value: checked.data, at: keyAt, setting: true});
  else yaml.report(valueAt, `"${key}" ${checked.error.issues[0]?.message ?? 'cannot be used'}`);
}

/** A misspelt setting would otherwise be a variable without use, and the host be reached at another place. */
function isFaulty(yaml: Yaml, {key, keyAt, node}: YamlEntry): boolean {
  const [, name] = /^(\w+):\S/.exec(key) ?? [];
  if (name !== undefined && node === undefined) {
    yaml.report(keyAt, `a space is missing after "${name}:"`, 'Add it; otherwise YAML reads all of it as a name.');
    return true;
  }
  const refused = REFUSED.get(key);
  if (refused !== undefined) yaml.report(keyAt, `"${key}" is not supported`, refused);
  const hint = node === undefined || isScalar(node) ? didYouMean(key, ALIASES.keys()) : undefined;
  if (hint !== undefined) yaml.report(keyAt, `unknown key "${key}"`, hint);
  return refused !== undefined || hint !== undefined;
}

/** Ansible accepts "22" as a port, `True` as a yes and 1000 as a name. */
function fitting(setting: Setting, value: unknown): unknown {
  if (setting === 'port') return /^\d{1,5}$/.test(String(value)) ? Number(value) : value;
  if (setting !== 'become') return typeof value === 'number' ? String(value) : value;
  const word = String(value).toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : word;
}
