import {posix} from 'node:path';
import {isHostName, isMailAddress, isPort, LOGIN_USER} from '../model/index.js';
import type {Choices, ContentChoice, Fault, TlsChoice} from './choices.js';
import {roleFaults, serverFaults, virtualFaults} from './server-faults.js';

/** What is wrong with choices, or with how they go together; none where a project can be written. */
export function faultsOf(choices: Choices): readonly Fault[] {
  return [
    ...serverFaults(choices),
    ...roleFaults(choices),
    ...virtualFaults(choices),
    ...userFaults(choices.user),
    ...domainFaults(choices),
    ...tlsFaults(choices.tls),
    ...contentFaults(choices.content),
  ];
}

function userFaults(user: string): Fault[] {
  if (LOGIN_USER.test(user)) return [];
  return [{message: `"${user}" is not a login name`, hint: 'give the user who logs in to the servers, such as deploy'}];
}

/** ACME authorities look the name up; those of one's own take any. */
function domainFaults({domain, tls}: Choices): Fault[] {
  const hint = 'give a name such as www.example.org, without https:// and without a path';
  if (!isHostName(domain)) return [{message: `"${domain}" is not a domain`, hint}];
  if (tls.kind !== 'acme' || domain.includes('.')) return [];
  return [{message: `no public authority gives out certificates for "${domain}"`, hint}];
}

function tlsFaults(tls: TlsChoice): Fault[] {
  if (tls.kind === 'authority') return [];
  if (tls.kind === 'files') {
    const missing = (['certificate', 'key'] as const).filter((each) => tls[each] === '');
    return missing.map((each) => ({message: `no file is named for the ${each}`, hint: 'name a PEM file'}));
  }
  const {email, directory} = tls;
  return [
    ...(isMailAddress(email)
      ? []
      : [{message: `"${email}" is no mail address`, hint: 'give the one that the authority may write to'}]),
    ...(directory === undefined || (URL.canParse(directory) && directory.startsWith('https://'))
      ? []
      : [{message: `"${directory}" is no URL of an ACME directory`, hint: 'give one that begins with https://'}]),
  ];
}

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
