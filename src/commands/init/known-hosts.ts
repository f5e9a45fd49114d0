import {homedir} from 'node:os';
import path from 'node:path';
import type {Choices, FileChange, ServerChoice} from '../../project/index.js';
import {entriesFor, knownHostName, parseKnownHosts} from '../../transport/index.js';
import {readText} from '../../wizard/check-certificate.js';

/** The project's file of host keys, next to its inventory. */
const FILE = 'inventory/known_hosts';

const HEADER = `# Confirmed host keys of the servers. A server that shows another key is refused. Commit this file.
`;

/** The change of the project's host keys, with notes for the operator. */
export interface KnownHostsChange {
  readonly change: FileChange;
  readonly notes: readonly string[];
}

/**
 * The project's host keys with those that were trusted in this run (the file `trusted`); for servers without any, those
 * of the user's own `known_hosts`. Existing lines of the file stay.
 */
export function knownHostsOf(root: string, trusted: string, {servers}: Choices): KnownHostsChange {
  const before = readText(path.join(root, FILE));
  const own = keyFinder(before);
  const confirmed = keyFinder(readText(trusted));
  const users = keyFinder(readText(path.join(homedir(), '.ssh', 'known_hosts')));
  const added = servers.map((server) => {
    const known = own(server);
    const shown = confirmed(server);
    const desired = shown.length > 0 || known.length > 0 ? shown : users(server);
    const fresh = desired.filter(({key}) => !known.some((each) => each.key === key));
    const copied = fresh.length > 0 && users(server).some(({key}) => fresh[0]?.key === key);
    return {server, fresh, copied, unknown: known.length + desired.length === 0};
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
function keyFinder(text = '') {
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
        `The host keys of ${names.join(', ')} are not known: infra will not connect there. To confirm them, run infra init again.`,
      ];
