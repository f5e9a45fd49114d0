import {readFile, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import type {ParsedKey} from 'ssh2';
import ssh2 from 'ssh2';
import {type Host, HostError} from '../model/index.js';

/** One way to log in, in the form ssh2 takes them. */
export type LoginMethod =
  | {type: 'publickey'; username: string; key: ParsedKey}
  | {type: 'agent'; username: string; agent: string};

export interface Login {
  readonly methods: readonly LoginMethod[];
  /** What was tried, for the message when all of it is refused. */
  readonly tried: readonly string[];
}

/** The keys and the agent that OpenSSH would try for this host. Throws `HostError` when there is nothing to try. */
export async function loadLogin(host: Host, env: NodeJS.ProcessEnv): Promise<Login> {
  const named = host.identityFiles.length > 0;
  const files = named ? host.identityFiles : DEFAULT_KEYS.map((name) => path.join(homedir(), '.ssh', name));
  const keys = await Promise.all(files.map((file) => loadKey(file)));
  const agent = await agentSocket(env);
  const methods: LoginMethod[] = [
    ...keys.flatMap(({key}) => (key ? [{type: 'publickey' as const, username: host.user, key}] : [])),
    ...(agent ? [{type: 'agent' as const, username: host.user, agent}] : []),
  ];
  const tried = [...keys.flatMap(({tried}) => (tried ? [tried] : [])), ...(agent ? ['the SSH agent'] : [])];
  if (methods.length === 0) throw new HostError(nothingToTry(host, named ? tried : []));
  return {methods, tried};
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

async function loadKey(file: string): Promise<{key?: ParsedKey; tried?: string}> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  if (typeof bytes === 'string') return {tried: `${file} (${bytes === 'ENOENT' ? 'no such file' : bytes})`};
  const key = ssh2.utils.parseKey(bytes);
  if (!(key instanceof Error)) return {key, tried: file};
  const encrypted = /encrypted|passphrase/i.test(key.message);
  return {tried: `${file} (${encrypted ? 'encrypted: load it into the SSH agent with ssh-add' : key.message})`};
}

/** Only a socket that is there: a dead agent would end the whole attempt. */
async function agentSocket({SSH_AUTH_SOCK: socket}: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!socket) return undefined;
  const found = await stat(socket).catch(() => undefined);
  return found?.isSocket() ? socket : undefined;
}

function nothingToTry(host: Host, tried: readonly string[]) {
  const files = tried.length > 0 ? `: ${tried.join(', ')}` : '';
  return {
    reason: 'authentication-failed' as const,
    message: `there is no private key to log in as ${host.user}${files}`,
    hint: 'Name a key with identityFile in the inventory, or load one into the SSH agent: ssh-add ~/.ssh/id_ed25519',
  };
}
