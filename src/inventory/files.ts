import {statSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {namesIn} from '../local/read-file.js';

/** A file of variables beside an inventory: of which group or host, by its name. */
export interface VariableFile {
  /** Absolute path. */
  readonly file: string;
  readonly kind: 'group' | 'host';
  readonly name: string;
  /** What stands in `group_vars/` or `host_vars/` itself: the file, or its directory. */
  readonly entry: string;
  /** It has no ending of YAML's, as Ansible allows: only if its name is known, it is more than a note somebody left. */
  readonly bare: boolean;
}

/**
 * All files that an inventory is made from: itself, then what `group_vars/` and `host_vars/` beside it hold. Absolute
 * paths. It reads names only, so that whoever watches these files needs not understand them.
 */
export function inventoryFiles(inventory: string): string[] {
  return [resolve(inventory), ...variableFiles(inventory).map(({file}) => file)];
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

/** As Ansible does it, without hidden files and what editors leave. */
function variableNames(directory: string): string[] {
  return namesIn(directory).filter((name) => !/^\.|~$|\.(?:bak|orig|swp|md)$/.test(name));
}

const YAML = /\.(?:ya?ml|json)$/;

const isDirectory = (path: string) => statSync(path, {throwIfNoEntry: false})?.isDirectory() === true;
