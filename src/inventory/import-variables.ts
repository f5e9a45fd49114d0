import {ALIASES, REFUSED, SETTINGS, type Setting} from './settings.js';
import type {Variable, Variables} from './variables.js';
import type {Entry, Yaml} from './yaml.js';

/** As `readVariables`, but nothing is refused: what cannot be used stays behind with a note. */
export function importVariables(yaml: Yaml, entries: readonly Entry[]): Variables {
  return new Map(entries.map((entry) => importVariable(entry.key, yaml.value(entry), entry.keyAt)));
}

/** One variable of an Ansible inventory, under our own name where it says how a host is reached. */
export function importVariable(key: string, value: unknown, at: number): [string, Variable] {
  const left = (note: string): [string, Variable] => {
    return [key, {value: undefined, at, setting: false, note: `${key} is left out: ${note}`}];
  };
  const refused = REFUSED.get(key);
  if (refused !== undefined) return left(refused);
  const setting = ALIASES.get(key);
  if (setting === undefined) {
    return key.startsWith('ansible_') ? left('nothing here reads it') : [key, {value, at, setting: false}];
  }
  if (typeof value === 'string' && value.includes('{{')) return left('an Ansible expression is not evaluated');
  const checked = SETTINGS[setting].safeParse(fitting(setting, value) ?? '');
  if (checked.success) return [setting, {value: checked.data, at, setting: true}];
  return left(`it ${checked.error.issues[0]?.message ?? 'cannot be used'}`);
}

/** Ansible takes "22" for a port, `True` for a yes and 1000 for a name. */
function fitting(setting: Setting, value: unknown): unknown {
  if (setting === 'port') return /^\d{1,5}$/.test(String(value)) ? Number(value) : value;
  if (setting !== 'become') return typeof value === 'number' ? String(value) : value;
  const word = String(value).toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : word;
}
