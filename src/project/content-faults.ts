import {posix} from 'node:path';
import {isPort} from '../model/index.js';
import type {ContentChoice} from './choices.js';
import type {Fault} from './fault.js';

/** Why web servers cannot show this; none where they can. */
export function contentFaults(content: ContentChoice): readonly Fault[] {
  if (content.kind === 'application') {
    const {port} = content;
    const taken = OWN_PORTS.get(port);
    if (taken !== undefined)
      return [{message: `port ${port} of a web server is ${taken}`, hint: 'give another, such as 8080'}];
    if (isPort(port)) return [];
    return [{message: `${port} is not a port`, hint: 'give the one that the application listens on, 1 to 65535'}];
  }
  return content.kind === 'directory' ? directoryFaults(content.directory) : [];
}

/** What else listens on a web server, which may hold a database too. */
const OWN_PORTS = new Map([
  [22, "SSH's"],
  [443, "Nginx's own"],
  [3306, "the database's"],
  [8099, "Nginx's counters'"],
  [9200, "that of the database's health"],
]);

/** The directory is shown to the world: it holds nothing but the site. */
function directoryFaults(directory: string): Fault[] {
  const [first = ''] = posix.normalize(directory).split('/');
  const hint = 'give the site a directory of its own in the project, such as site';
  if (directory === '' || posix.isAbsolute(directory) || directory.startsWith('~') || first === '..')
    return [{message: `"${directory}" is not a directory of the project`, hint}];
  if (first !== '.' && !first.startsWith('.') && !PRIVATE.includes(first)) return [];
  return [{message: `"${directory}" holds what is not for visitors`, hint}];
}

const PRIVATE = ['inventory', 'playbooks', 'templates', 'secrets', 'node_modules', 'tls'];
