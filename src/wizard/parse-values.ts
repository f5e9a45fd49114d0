import {existsSync, statSync} from 'node:fs';
import {isIP} from 'node:net';
import {
  didYouMean,
  isHostName,
  isMailAddress,
  isPort,
  isSameAddress,
  LOGIN_USER,
  parseNetwork,
} from '../model/index.js';
import {unreachable} from '../model/unreachable.js';
import type {ContentChoice} from '../project/choices.js';
import {contentFaults} from '../project/faults.js';
import {faulty, type Parsed} from './answers.js';
import {expandHome} from './check-certificate.js';

/** A TCP port, from 1 to 65535. */
export function parsePort(text: string): Parsed<number> {
  const port = Number(text);
  if (/^\d+$/.test(text) && isPort(port)) return {value: port};
  return faulty(`"${text}" is not a port`, 'Give a number from 1 to 65535.');
}

/** The login user. */
export function parseUser(text: string): Parsed<string> {
  if (LOGIN_USER.test(text)) return {value: text};
  return faulty(`"${text}" is not a user name`, 'Give a name such as root, deploy or debian.');
}

/** The path of a private SSH key; `agent` or nothing: the agent and the usual files, which is returned as ''. */
export function parseIdentityFile(text: string): Parsed<string> {
  const path = text.trim();
  if (path === '' || path === 'agent') return {value: ''};
  if (path.endsWith('.pub')) return faulty(`"${path}" is the public key`, `Give the private key: ${path.slice(0, -4)}`);
  const file = expandHome(path);
  const found = existsSync(file) && statSync(file).isFile();
  return found
    ? {value: path.startsWith('~') ? path : file}
    : faulty(`there is no file "${path}"`, 'Give the path of a private key, such as ~/.ssh/id_ed25519.');
}

/** A public DNS name of at least two parts. */
export function parseDomain(text: string): Parsed<string> {
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  const address = /^https?:\/\/([^/:]+)/.exec(name)?.[1];
  if (address !== undefined) return faulty(`"${text}" is a web address`, `Give the name alone: ${address}`);
  if (isIP(name) > 0) return faulty(`"${text}" is an address, not a name`, 'Give a name such as www.example.org.');
  if (/[^\x00-\x7f]/.test(name))
    return faulty(`"${text}" is not written in ASCII`, 'Give its form in DNS, which begins with xn--.');
  const hasDot = name.includes('.');
  if (hasDot && isHostName(name)) return {value: name};
  const hint = hasDot
    ? 'Give a name such as www.example.org.'
    : `Give a name with a dot, such as ${isHostName(name) ? name : 'www'}.example.org.`;
  return faulty(`"${text}" is not a domain name`, hint);
}

/** The address that an ACME authority writes to when a certificate is about to expire. */
export function parseEmail(text: string): Parsed<string> {
  if (isMailAddress(text) && /@.+\../.test(text)) return {value: text};
  return faulty(`"${text}" is not an e-mail address`, 'Give an address such as admin@example.org.');
}

/** One IP address, or two of which one is IPv6, separated by blanks or commas; empty: none. None of those `taken`. */
export function parseVirtualAddress(text: string, taken: readonly string[] = []): Parsed<readonly string[]> {
  const addresses = words(text);
  for (const each of addresses) {
    if (each.includes('/')) return faulty(`"${each}" is a network`, `Give the address alone: ${each.split('/')[0]}`);
    if (isIP(each) === 0) return faulty(`"${each}" is not an IP address`, 'Give an address such as 192.0.2.100.');
    if (taken.some((other) => isSameAddress(other, each)))
      return faulty(`"${each}" is the address of a server`, 'Give a free address of their network.');
  }
  return {value: addresses};
}

/** Addresses and networks; `anywhere` or nothing: no limit. */
export function parseSources(text: string): Parsed<readonly string[]> {
  const sources = words(text);
  if (sources.length === 0 || (sources.length === 1 && /^(anywhere|any|all|everywhere)$/i.test(sources[0] ?? '')))
    return {value: []};
  for (const each of sources) {
    if (parseNetwork(each) === undefined)
      return faulty(`"${each}" is neither an address nor a network`, 'Write 192.0.2.0/24, for instance, or anywhere.');
  }
  return {value: sources};
}

/** `page`, a port, or a directory of the project. */
export function parseContent(text: string): Parsed<ContentChoice> {
  const word = text.trim();
  if (word === 'page') return {value: {kind: 'page'}};
  if (/^:?\d+$/.test(word)) {
    const port = parsePort(word.replace(':', ''));
    return 'fault' in port ? port : sound({kind: 'application', port: port.value});
  }
  return parseDirectory(word);
}

/** The text that {@link parseContent} reads as this content. */
export function renderContent(content: ContentChoice): string {
  switch (content.kind) {
    case 'page':
      return 'page';
    case 'directory':
      return /^(page|:?\d+)$/.test(content.directory) ? `./${content.directory}` : content.directory;
    case 'application':
      return String(content.port);
    default:
      return unreachable(content);
  }
}

/** A directory inside the project, as a path relative to it. */
export function parseDirectory(text: string): Parsed<ContentChoice> {
  const directory = text.trim().replace(/^\.\//, '').replace(/\/+$/, '');
  if (directory === '' || directory === '.')
    return faulty('the site needs a directory of its own in the project', 'Give a directory such as public.');
  if (/^[/~]|(^|\/)\.\.(\/|$)/.test(directory))
    return faulty(`"${text}" is outside of the project`, 'Copy the files to a directory in it, such as public.');
  return sound({kind: 'directory', directory});
}

function sound(content: ContentChoice): Parsed<ContentChoice> {
  const [fault] = contentFaults(content);
  return fault ? {fault} : {value: content};
}

/** One of the allowed words. */
export function parseWord<Word extends string>(text: string, allowed: readonly Word[]): Parsed<Word> {
  const word = text.trim().toLowerCase();
  const found = allowed.find((each) => each === word);
  if (found !== undefined) return {value: found};
  return faulty(`"${text}" is not one of ${allowed.join(', ')}`, didYouMean(word, allowed));
}

/** A fingerprint of a host key as `ssh-keygen -l` prints it. */
export function parseFingerprint(text: string): Parsed<string> {
  const print = /(?:^|\s)(SHA256:[A-Za-z0-9+/]{43})=?(?:\s|$)/.exec(text.trim())?.[1];
  if (print !== undefined) return {value: print};
  return faulty(`"${text}" is not a fingerprint`, 'Give it as ssh-keygen -l prints it: SHA256: and 43 characters.');
}

const words = (text: string) => text.split(/[\s,;]+/).filter((word) => word !== '');
