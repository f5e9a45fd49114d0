import {parse} from 'yaml';
import {sha256} from '../local/digest.js';
import type {Choices, ServerChoice} from './choices.js';
import {Flow, renderYaml} from './render-yaml.js';

/** The file with the choices that a project was written from: what `infra init --answers` reads. */
export const ANSWERS = 'infra.answers.yml';

/** By their path, the digests of the texts that were last written. */
export type Written = ReadonlyMap<string, string>;

/**
 * The answers file. Its keys are those of `Choices`, and what was left out is not in it. `written` is not for people:
 * it tells the files that somebody edited.
 */
export function renderAnswers(choices: Choices, written: Written = new Map()): string {
  const {servers, user, identityFile, virtualAddress, domain, tls, database, content, sshFrom} = choices;
  const entries = present({
    servers: servers.map(serverLine),
    user,
    identityFile,
    virtualAddress: new Flow(virtualAddress),
    domain,
    tls: new Flow(present(tls)),
    database,
    content: new Flow(present(content)),
    sshFrom: new Flow(sshFrom),
  });
  return renderYaml(written.size > 0 ? new Map([...entries, ['written', written]]) : entries, HEAD, COMMENTS);
}

function serverLine({name, address, port, privateAddress, roles}: ServerChoice): Flow {
  return new Flow(present({name, address, port, privateAddress, roles}));
}

function present(record: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** What an answers file says was written; nothing where it cannot be read. */
export function parseWritten(text: string): Written {
  const written = parsed(text)?.written;
  if (!(written instanceof Object)) return new Map();
  return new Map(Object.entries(written).map(([path, digest]) => [path, String(digest)]));
}

/** Whether two answers files say the same, however they are laid out. */
export function saySame(left: string, right: string): boolean {
  return left === right || JSON.stringify(parsed(left) ?? left) === JSON.stringify(parsed(right) ?? right);
}

/** The first 16 hexadecimal digits of SHA-256: it tells versions of one file apart, and guards against nobody. */
export const digestOf = (text: string): string => sha256(text).slice(0, 16);

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parse(text);
    // An object of YAML has texts as keys.
    return value instanceof Object ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const HEAD = `What this project was made from. Change it here and run "infra init" again, or "infra init --answers" with
this file in another directory. It holds no secret.`;

const COMMENTS = {
  servers: 'roles: balancer, web, primary, replica. privateAddress: where the other servers reach it. port: of SSH.',
  user: 'Who logs in, and the private key; without identityFile the SSH agent and the usual files in ~/.ssh.',
  virtualAddress: 'What several balancers share: the address that the domain leads to.',
  domain: "The site's public name, and where its certificate is from: authority, files or acme.",
  database: 'mariadb or mysql.',
  content: 'What the web servers answer with: page, directory or application.',
  sshFrom: 'Addresses and networks that may connect to SSH; none: anybody who has a key.',
  written: 'Files as infra wrote them last, to tell those that were edited by hand. Leave it as it is.',
};
