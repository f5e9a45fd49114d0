import type {Problem} from '../model/index.js';

/** What a server does. A server may have several roles; `faultsOf` checks which go together. */
export const SERVER_ROLES = ['balancer', 'web', 'primary', 'replica'] as const;

export type ServerRole = (typeof SERVER_ROLES)[number];

/** One server of a new project. */
export interface ServerChoice {
  /** Its name in the inventory. */
  readonly name: string;
  /** Address or DNS name that SSH connects to. */
  readonly address: string;
  /** SSH's port. Default 22. */
  readonly port?: number | undefined;
  /** How the other servers reach it, where that is another address. */
  readonly privateAddress?: string | undefined;
  readonly roles: readonly ServerRole[];
}

/** Where the certificate that visitors see comes from. */
export type TlsChoice =
  /** The project's own certification authority. */
  | {readonly kind: 'authority'}
  /** PEM files on this machine. The key goes into the project's secrets and nowhere else. */
  | {readonly kind: 'files'; readonly certificate: string; readonly key: string}
  /** `directory`: URL of the authority's directory. Default: Let's Encrypt. */
  | {readonly kind: 'acme'; readonly email: string; readonly directory?: string | undefined};

/** What the web servers answer with. */
export type ContentChoice =
  /** A page made from a template in the project. */
  | {readonly kind: 'page'}
  /** The files of a directory of the project, as they are. */
  | {readonly kind: 'directory'; readonly directory: string}
  /** A program that listens on this port of every web server's own 127.0.0.1. */
  | {readonly kind: 'application'; readonly port: number};

/** Whether a write waits until a replica has it; `degrade` and `stop` say what happens when no replica answers. */
export type WritesChoice = 'asynchronous' | 'degrade' | 'stop';

/** Everything that a project is written from: what `infra init` asks for and its answers file holds. No secrets. */
export interface Choices {
  readonly servers: readonly ServerChoice[];
  /** Login user of all servers. */
  readonly user: string;
  /** Private key file as written, `~` allowed. Without one: the agent, and OpenSSH's usual files. */
  readonly identityFile?: string | undefined;
  /** Addresses that the balancers share; none with a single balancer. */
  readonly virtualAddress: readonly string[];
  /** The site's public name. */
  readonly domain: string;
  readonly tls: TlsChoice;
  readonly database: 'mariadb' | 'mysql';
  readonly writes: WritesChoice;
  /** Where backups of the database go: `servers` (each server's own directory), `nowhere`, or another server by its name. */
  readonly backups: string;
  readonly content: ContentChoice;
  /** Addresses and networks that may connect to SSH; none: anyone who has a key. */
  readonly sshFrom: readonly string[];
}

/** What a project is rendered from besides the choices. */
export interface ProjectAbout {
  /** The project's name, which is that of its directory. Any text. */
  readonly name: string;
  /** How npm finds infra: `file:/opt/infra`, or a version. */
  readonly infra: string;
  /** The version of TypeScript that infra itself uses. */
  readonly typescript: string;
  /** Text of the JSON schema of inventories. */
  readonly schema: string;
  /** With `tls: {kind: 'files'}`: the PEM text of the certificate. Left out, `tls/site.pem` stays as it is. */
  readonly certificate?: string | undefined;
}

/** A reason why no project can be written from the choices, or why one would not work. */
export interface ServerProblem extends Problem {
  /** Name of the server that it is about; undefined when it is about no server of them. */
  readonly server?: string | undefined;
}

/** The inventory's group for each role. */
export const GROUPS = {balancer: 'lb', web: 'web', primary: 'primary', replica: 'replica'} as const;

/** Names that a server cannot have, because groups of the inventory have them. */
export const GROUP_NAMES: readonly string[] = ['all', 'db', ...Object.values(GROUPS)];

/** The server that keeps backups of the database for the others; undefined where none does. */
export function keeperFor({backups}: Pick<Choices, 'backups'>): string | undefined {
  return backups === 'servers' || backups === 'nowhere' ? undefined : backups;
}

/** The servers that have this role. */
export function serversFor(role: ServerRole, {servers}: Pick<Choices, 'servers'>): readonly ServerChoice[] {
  return servers.filter(({roles}) => roles.includes(role));
}
