import {homedir} from 'node:os';
import path from 'node:path';
import type {Choices, FileChange, ServerChoice} from '../../project/index.js';
import {entriesFor, knownHostName, parseKnownHosts} from '../../transport/index.js';
import {readText} from '../../wizard/check-certificate.js';

/** The project's file of host keys, beside its inventory. */
const FILE = 'inventory/known_hosts';

const HEADER = `# Host keys of the servers, as they were confirmed. A server that shows another one is refused. Commit this file.
`;

/** The change of the project's host keys, and what somebody should know of it. */
export interface KnownHosts {
  readonly change: FileChange;
  readonly notes: readonly string[];
}

/**
 * The project's host keys with those that were trusted in this run (the file `trusted`); for servers that have none by
 * then, those that the user knew before. What stands in the file stays.
 */
export function knownHostsOf(root: string, trusted: string, {servers}: Choices): KnownHosts {
  const before = readText(path.join(root, FILE));
  const own = reader(before);
  const confirmed = reader(readText(trusted));
  const users = reader(readText(path.join(homedir(), '.ssh', 'known_hosts')));
  const added = servers.map((server) => {
    const known = own(server);
    const shown = confirmed(server);
    const wished = shown.length > 0 || known.length > 0 ? shown : users(server);
    const fresh = wished.filter(({key}) => !known.some((each) => each.key === key));
    const copied = fresh.length > 0 && users(server).some(({key}) => fresh[0]?.key === key);
    return {server, fresh, copied, unknown: known.length + wished.length === 0};
  });
  const lines = added.flatMap(({server, fresh}) => fresh.map(({type, key}) => `${nameOf(server)} ${type} ${key}\n`));
  const text = before ?? HEADER;
  const after = lines.length === 0 ? text : `${text}${text.endsWith('\n') ? '' : '\n'}${lines.join('')}`;
  const kind = before === undefined ? 'new' : before === after ? 'same' : 'changed';
  const names = (which: 'copied' | 'unknown') => added.filter((each) => each[which]).map(({server}) => server.name);
  return {
    change: {path: FILE, kind, before, after},
    notes: [...copiedNote(names('copied')), ...unknownNote(names('unknown'))],
  };
}

/** Finds a server's keys in a text of known hosts. */
function reader(text = '') {
  const entries = parseKnownHosts(text);
  return ({address, port = 22}: ServerChoice) => entriesFor(entries, address, port).filter(({marker}) => marker === '');
}

const nameOf = ({address, port = 22}: ServerChoice) => knownHostName(address, port);

const copiedNote = (names: readonly string[]) =>
  names.length === 0 ? [] : [`Host keys copied from ~/.ssh/known_hosts to ${FILE}: ${names.join(', ')}`];

const unknownNote = (names: readonly string[]) =>
  names.length === 0
    ? []
    : [
        `No host key is known of ${names.join(', ')}: infra will not connect there. To confirm it, run infra init again.`,
      ];
