import {posix} from 'node:path';
import {isHostName, isMailAddress, isPort, LOGIN_USER} from '../model/index.js';
import {type Choices, type ContentChoice, keeperFor, type ServerProblem, type TlsChoice} from './choices.js';
import {roleFaults, serverFaults, virtualFaults} from './server-faults.js';

/** What is wrong with the choices, or with their combination; empty when a project can be written. */
export function faultsOf(choices: Choices): readonly ServerProblem[] {
  return [
    ...serverFaults(choices),
    ...roleFaults(choices),
    ...virtualFaults(choices),
    ...keeperFaults(choices),
    ...userFaults(choices.user),
    ...domainFaults(choices),
    ...tlsFaults(choices.tls),
    ...contentFaults(choices.content),
  ];
}

/** Backups that are kept for the database servers survive the loss of all of them. */
function keeperFaults(choices: Choices): ServerProblem[] {
  const name = keeperFor(choices);
  if (name === undefined) return [];
  const server = choices.servers.find((each) => each.name === name);
  const hint = 'Name another server, or servers for a directory on the database servers themselves.';
  if (server === undefined) return [{message: `no server is named "${name}", which is to keep the backups`, hint}];
  if (!server.roles.includes('primary') && !server.roles.includes('replica')) return [];
  return [{server: name, message: `${name} is a database server, and is to keep the backups`, hint}];
}

function userFaults(user: string): ServerProblem[] {
  if (LOGIN_USER.test(user)) return [];
  return [
    {message: `"${user}" is not a login name`, hint: 'Give the user who logs in to the servers, such as deploy.'},
  ];
}

/** An ACME authority looks the name up; the project's own authority takes any name. */
function domainFaults({domain, tls}: Choices): ServerProblem[] {
  const hint = 'Give a name such as www.example.org, without https:// and without a path.';
  if (!isHostName(domain)) return [{message: `"${domain}" is not a domain`, hint}];
  if (tls.kind !== 'acme' || domain.includes('.')) return [];
  return [{message: `no public authority issues certificates for "${domain}"`, hint}];
}

function tlsFaults(tls: TlsChoice): ServerProblem[] {
  if (tls.kind === 'authority') return [];
  if (tls.kind === 'files') {
    const missing = (['certificate', 'key'] as const).filter((each) => tls[each] === '');
    return missing.map((each) => ({message: `no file is given for the ${each}`, hint: 'Give the path of a PEM file.'}));
  }
  const {email, directory} = tls;
  return [
    ...(isMailAddress(email)
      ? []
      : [{message: `"${email}" is not an e-mail address`, hint: 'Give an address that the authority may write to.'}]),
    ...(directory === undefined || (URL.canParse(directory) && directory.startsWith('https://'))
      ? []
      : [
          {
            message: `"${directory}" is not the URL of an ACME directory`,
            hint: 'Give a URL that begins with https://.',
          },
        ]),
  ];
}

/** Why web servers cannot serve this content; empty when they can. */
export function contentFaults(content: ContentChoice): readonly ServerProblem[] {
  if (content.kind === 'application') {
    const {port} = content;
    const taken = OWN_PORTS.get(port);
    if (taken !== undefined)
      return [{message: `port ${port} of a web server is used by ${taken}`, hint: 'Give another port, such as 8080.'}];
    if (isPort(port)) return [];
    return [
      {message: `${port} is not a port`, hint: 'Give the port that the application listens on, from 1 to 65535.'},
    ];
  }
  return content.kind === 'directory' ? directoryFaults(content.directory) : [];
}

/** What else listens on a web server, which may also have a database. */
const OWN_PORTS = new Map([
  [22, 'SSH'],
  [443, 'Nginx'],
  [3306, 'the database'],
  [8099, "Nginx's metrics"],
  [9200, "the database's health check"],
]);

/** Everything in the directory is public, so it must hold nothing but the site. */
function directoryFaults(directory: string): ServerProblem[] {
  const [first = ''] = posix.normalize(directory).split('/');
  const hint = 'Give the site a directory of its own in the project, such as site.';
  if (directory === '' || posix.isAbsolute(directory) || directory.startsWith('~') || first === '..')
    return [{message: `"${directory}" is not a directory of the project`, hint}];
  if (first !== '.' && !first.startsWith('.') && !PRIVATE.includes(first)) return [];
  return [{message: `"${directory}" holds files that are not for visitors`, hint}];
}

const PRIVATE = ['inventory', 'playbooks', 'templates', 'secrets', 'node_modules', 'tls'];
