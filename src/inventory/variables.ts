import {isScalar} from 'yaml';
import {didYouMean} from '../model/index.js';
import {ALIASES, REFUSED, SETTINGS, type Setting} from './settings.js';
import type {Entry, Yaml} from './yaml.js';

/** One variable or connection setting (the latter under our own name). */
export interface Variable {
  readonly value: unknown;
  /** Offset of its key. */
  readonly at: number;
  readonly setting: boolean;
  /** Why an import leaves it behind. */
  readonly note?: string;
}

export type Variables = Map<string, Variable>;

/** The variables of a group or a host; connection settings are checked, everything else is taken as it is. */
export function readVariables(yaml: Yaml, entries: readonly Entry[]): Variables {
  const variables: Variables = new Map();
  for (const entry of entries) {
    const setting = ALIASES.get(entry.key);
    if (setting !== undefined) readSetting(yaml, entry, setting, variables);
    else if (!isFaulty(yaml, entry)) {
      variables.set(entry.key, {value: yaml.value(entry) ?? null, at: entry.keyAt, setting: false});
    }
  }
  return variables;
}

function readSetting(yaml: Yaml, entry: Entry, setting: Setting, variables: Variables): void {
  const {key, keyAt, valueAt} = entry;
  if (variables.has(setting))
    yaml.report(keyAt, `"${key}" says again what another key of this mapping says`, 'remove one');
  const value = yaml.value(entry);
  if (typeof value === 'string' && value.includes('{{')) {
    yaml.report(valueAt, `"${key}" holds an Ansible expression, which is not evaluated`, 'write the value itself');
    return;
  }
  const checked = SETTINGS[setting].safeParse(value ?? '');
  if (checked.success) variables.set(setting, {value: checked.data, at: keyAt, setting: true});
  else yaml.report(valueAt, `"${key}" ${checked.error.issues[0]?.message ?? 'cannot be used'}`);
}

/** A near miss of a setting would otherwise be a variable that nobody reads, and the host be reached elsewhere. */
function isFaulty(yaml: Yaml, {key, keyAt, node}: Entry): boolean {
  const [, name] = /^(\w+):\S/.exec(key) ?? [];
  if (name !== undefined && node === undefined) {
    yaml.report(keyAt, `a space is missing after "${name}:"`, 'else YAML takes all of it for a name');
    return true;
  }
  const refused = REFUSED.get(key);
  if (refused !== undefined) yaml.report(keyAt, `"${key}" is not supported`, refused);
  const hint = node === undefined || isScalar(node) ? didYouMean(key, ALIASES.keys()) : undefined;
  if (hint !== undefined) yaml.report(keyAt, `unknown key "${key}"`, hint);
  return refused !== undefined || hint !== undefined;
}
