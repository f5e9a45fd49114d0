import {homedir} from 'node:os';
import path from 'node:path';
import type {Choices, FileChange} from '../project/index.js';
import {entriesFor, knownHostName, parseKnownHosts} from '../transport/index.js';
import {readOptional} from './init-about.js';

const FILE = 'inventory/known_hosts';

const HEADER = `# Host keys of the servers, as they were confirmed. A server that shows another one is refused. Commit this file.
`;

/**
 * The project's host keys with those that were trusted in this run, and those that the user knew before. What stands in
 * the file stays.
 */
export function knownHostsChange(root: string, trusted: string, {servers}: Choices): FileChange {
  const before = readOptional(path.join(root, FILE));
  const known = parseKnownHosts(before ?? '');
  const fresh = [readOptional(trusted), readOptional(path.join(homedir(), '.ssh', 'known_hosts'))].map((text) =>
    parseKnownHosts(text ?? ''),
  );
  const lines = servers.flatMap(({address, port = 22}) => {
    if (entriesFor(known, address, port).length > 0 && entriesFor(fresh[0] ?? [], address, port).length === 0)
      return [];
    const has = new Set(entriesFor(known, address, port).map(({key}) => key));
    const [first = []] = fresh
      .map((each) => entriesFor(each, address, port).filter(({marker}) => marker === ''))
      .filter(({length}) => length > 0);
    return first
      .filter(({key}) => !has.has(key))
      .map(({type, key}) => `${knownHostName(address, port)} ${type} ${key}\n`);
  });
  const text = before ?? HEADER;
  const after = lines.length === 0 ? text : `${text}${text.endsWith('\n') ? '' : '\n'}${lines.join('')}`;
  const kind = before === undefined ? 'new' : before === after ? 'same' : 'changed';
  return {path: FILE, kind, before, after};
}
