import {parse} from 'yaml';
import {sha256} from '../local/digest.js';
import type {Choices, ServerChoice} from './choices.js';
import {Flow, renderYaml} from './render-yaml.js';

/** The file with the choices that a project was written from; `infra init --answers` reads it. */
export const ANSWERS = 'infra.answers.yml';

/** The digests of the texts that infra last wrote, by path. */
export type Written = ReadonlyMap<string, string>;

/**
 * The answers file. Its keys are those of `Choices`; what was left out is not in it. `written` is not for people: it
 * shows which files somebody has edited.
 */
export function renderAnswers(choices: Choices, written: Written = new Map()): string {
  const {servers, user, identityFile, virtualAddress, domain, tls, database, writes, backups, content, sshFrom} =
    choices;
  const entries = present({
    servers: servers.map(serverLine),
    user,
    identityFile,
    virtualAddress: new Flow(virtualAddress),
    domain,
    tls: new Flow(present(tls)),
    database,
    writes,
    backups,
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

/** The digests in an answers file; empty where it cannot be read. */
export function parseWritten(text: string): Written {
  const written = parsed(text)?.written;
  if (!(written instanceof Object)) return new Map();
  return new Map(Object.entries(written).map(([path, digest]) => [path, String(digest)]));
}

/** Whether two answers files have the same content, whatever their layout. */
export function saySame(left: string, right: string): boolean {
  return left === right || JSON.stringify(parsed(left) ?? left) === JSON.stringify(parsed(right) ?? right);
}

/** The first 16 hexadecimal digits of SHA-256: enough to tell versions of a file apart, not to protect it. */
export const digestOf = (text: string): string => sha256(text).slice(0, 16);

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parse(text);
    // The keys of a YAML object are texts.
    return value instanceof Object ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const HEAD = `What this project was made from. Change it and run "infra init" again, or use it in another directory:
"infra init --answers FILE". It holds no secrets.`;

const COMMENTS = {
  servers: 'roles: balancer, web, primary, replica. privateAddress: where the other servers reach it. port: SSH port.',
  user: 'Who logs in, and the private key; without identityFile the SSH agent and the usual files in ~/.ssh.',
  virtualAddress: 'The address that several balancers share, and that the domain points to.',
  domain: "The site's public name, and where its certificate comes from: authority, files or acme.",
  database: 'mariadb or mysql.',
  writes: 'Whether writes wait for a replica: asynchronous, degrade or stop.',
  backups: 'Where backups of the database go: servers (on themselves), nowhere, or the name of another server.',
  content: 'What the web servers serve: page, directory or application.',
  sshFrom: 'Addresses and networks that may connect to SSH; none: anyone who has a key.',
  written: 'Digests of the files that infra wrote, which show what was edited by hand. Do not edit this.',
};
