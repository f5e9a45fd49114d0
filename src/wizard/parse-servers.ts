import {isIP, isIPv6} from 'node:net';
import {didYouMean, isHostName, type Problem} from '../model/index.js';
import {SERVER_ROLES, type ServerRole} from '../project/choices.js';
import {faulty, type Parsed, type ServerAnswer} from './answers.js';
import {parsePort} from './parse-values.js';

/** The servers in a text that were understood, in order, and what was not. */
export interface ParsedServers {
  readonly servers: readonly ServerAnswer[];
  readonly faults: readonly Problem[];
}

/**
 * Servers as people write and paste them: `192.0.2.10`, `lb1=192.0.2.10`, `admin@web.example.org:2222`,
 * `[2001:db8::1]:22`; separated by blanks, commas or line ends. Words such as `web` after an address are its roles.
 */
export function parseServers(text: string): ParsedServers {
  const servers: ServerAnswer[] = [];
  const faults: Problem[] = [];
  const words = text.replaceAll(/\s+#.*|^#.*/gm, '').split(/[\s,;]+/);
  for (const word of words.filter((each) => each !== '')) {
    const last = servers.at(-1);
    const parsed = isRole(word) ? withRole(last, word) : parseServer(word);
    if ('fault' in parsed) faults.push(parsed.fault);
    else if (isRole(word)) servers[servers.length - 1] = parsed.value;
    else servers.push(parsed.value);
  }
  return {servers, faults};
}

const isRole = (word: string): word is ServerRole => SERVER_ROLES.some((role) => role === word);

function withRole(server: ServerAnswer | undefined, role: ServerRole): Parsed<ServerAnswer> {
  if (server === undefined)
    return faulty(`"${role}" is a role, but there is no server before it`, `Write lb1=192.0.2.10,${role}.`);
  return {value: {...server, roles: [...(server.roles ?? []), role]}};
}

/** One server: `[NAME=][USER@]ADDRESS[:PORT]`. */
export function parseServer(word: string): Parsed<ServerAnswer> {
  const [, name, user, rest = ''] = /^(?:([^=]*)=)?(?:ssh:\/\/)?(?:([^@]*)@)?(.*?)\/?$/s.exec(word) ?? [];
  if (name !== undefined) {
    const problem = nameFault(name);
    if (problem) return problem;
  }
  if (user === '')
    return faulty(`"${word}" has no user before the @`, 'Write deploy@192.0.2.10, or the address alone.');
  const [, bracketed, bare = '', colon, digits = ''] = /^(?:\[([^\]]*)\]|([^:]*|.*:.*:.*?))(:(\d*))?$/.exec(rest) ?? [];
  const address = bracketed ?? (isIPv6(rest) ? rest : bare);
  const problem = rest === '' ? faulty(`"${word}" has no address`, EXAMPLE) : addressFault(address, bracketed, rest);
  if (problem) return problem;
  const server = {name, address, user};
  if (colon === undefined || isIPv6(rest)) return {value: server};
  const port = parsePort(digits);
  return 'fault' in port ? port : {value: {...server, port: port.value}};
}

/** Why a text is not the address of a server; undefined if it is. */
export function refuseAddress(text: string): string | undefined {
  const parsed = parseServer(text);
  return 'fault' in parsed ? parsed.fault.message : undefined;
}

const EXAMPLE = 'Write 192.0.2.10, lb1=192.0.2.10 or deploy@web.example.org:2222, for instance.';

/** Why a server cannot have this name; undefined for a valid one. */
export function nameFault(name: string): {readonly fault: Problem} | undefined {
  if (/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return undefined;
  return faulty(
    `"${name}" cannot be the name of a server`,
    'Use lower-case letters, digits and "-", such as lb1 or web-2.',
  );
}

function addressFault(
  address: string,
  bracketed: string | undefined,
  rest: string,
): {readonly fault: Problem} | undefined {
  if (bracketed !== undefined && !isIPv6(bracketed)) return faulty(`"${bracketed}" is not an IPv6 address`, EXAMPLE);
  if (isIP(address) > 0) return unusable(address);
  if (/^[\d.]+\/\d+$/.test(rest)) return faulty(`"${rest}" is a network`, "Give each server's own address.");
  if (/^[a-z]+:\/\//i.test(rest))
    return faulty(`"${rest}" is a web address`, "Give the server's address, such as 192.0.2.10.");
  if (/^[\d.]+$/.test(address))
    return faulty(`"${address}" is not an IPv4 address`, 'Give four numbers from 0 to 255, such as 192.0.2.10.');
  if (address.includes(':') || address === '')
    return faulty(`"${rest}" is not an address`, 'Write an IPv6 address with a port as [2001:db8::10]:22.');
  const meant = /\d|\./.test(address) ? undefined : didYouMean(address, SERVER_ROLES);
  if (meant !== undefined) return faulty(`"${address}" is neither an address nor a role`, meant);
  if (isHostName(address)) return undefined;
  return faulty(`"${address}" is not an address`, EXAMPLE);
}

function unusable(address: string): {readonly fault: Problem} | undefined {
  const first = Number(address.split('.')[0]);
  const isOne = isIPv6(address) ? !/^(::|ff..:.*)$/i.test(address) : first > 0 && first < 224;
  return isOne ? undefined : faulty(`"${address}" is not the address of a single server`, EXAMPLE);
}
