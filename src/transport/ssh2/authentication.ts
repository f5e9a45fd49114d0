import {readFile, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import ssh2, {type ParsedKey} from 'ssh2';
import {type Host, HostError, type Problem} from '../../model/index.js';
import {AGENT, type Credential, nothingToTry} from '../failures.js';

/** One way to log in, in the form that ssh2 takes. */
export type LoginMethod =
  | {type: 'publickey'; username: string; key: ParsedKey}
  | {type: 'agent'; username: string; agent: string};

/** How to log in on a host. */
export interface Authentication {
  readonly methods: readonly LoginMethod[];
  /** The key files that were read, for the message when all of them are refused. */
  readonly files: readonly Credential[];
  /** The socket of the agent, where there is one. */
  readonly agent: string | undefined;
}

/** The keys and the agent that OpenSSH would try for this host. Throws `HostError` when there is nothing to try. */
export async function loadAuthentication(host: Host, env: NodeJS.ProcessEnv): Promise<Authentication> {
  const named = host.identityFiles.length > 0;
  const candidates = named ? host.identityFiles : DEFAULT_KEYS.map((name) => path.join(homedir(), '.ssh', name));
  const agent = await agentSocket(env);
  const loaded = await Promise.all(candidates.map((file) => loadKey(file, agent !== undefined)));
  const keys = named ? loaded : loaded.filter(({exists}) => exists);
  const methods: LoginMethod[] = [
    ...keys.flatMap(({key}) => (key ? [{type: 'publickey' as const, username: host.user, key}] : [])),
    ...(agent ? [{type: 'agent' as const, username: host.user, agent}] : []),
  ];
  const files = keys.map(({credential}) => credential);
  if (methods.length === 0) throw new HostError(nothingToTry(host, files));
  return {methods, files, agent};
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

interface LoadedKey {
  readonly credential: Credential;
  readonly exists: boolean;
  readonly key?: ParsedKey;
}

async function loadKey(file: string, hasAgent: boolean): Promise<LoadedKey> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  if (typeof bytes === 'string')
    return {credential: {name: file, fault: unreadable(bytes)}, exists: bytes !== 'ENOENT'};
  const key = ssh2.utils.parseKey(bytes);
  if (!(key instanceof Error) && key.isPrivateKey()) return {credential: {name: file}, exists: true, key};
  return {credential: {name: file, fault: unusable(file, key, hasAgent)}, exists: true};
}

function unreadable(code: string): Problem {
  if (code === 'ENOENT') return {message: 'does not exist', hint: 'Correct identityFile in the inventory.'};
  return {
    message: `cannot be read (${code})`,
    hint: 'Let the user who runs infra read it, or name another identityFile.',
  };
}

function unusable(file: string, key: ParsedKey | Error, hasAgent: boolean): Problem {
  if (!(key instanceof Error)) {
    return {message: 'is a public key', hint: `Name the private key with identityFile: ${file.replace(/\.pub$/, '')}`};
  }
  if (/encrypted|passphrase/i.test(key.message)) {
    const add = `${hasAgent ? '' : 'eval "$(ssh-agent)"; '}ssh-add ${file}`;
    return {message: 'is encrypted', hint: `Load it into the SSH agent, which infra also asks for keys:\n${add}`};
  }
  return {
    message: `is not a private key (${key.message})`,
    hint: 'Name the file of your private key with identityFile.',
  };
}

/** The agent's socket if it exists: with a dead agent the whole attempt would fail. */
async function agentSocket({SSH_AUTH_SOCK: socket}: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!socket) return undefined;
  const found = await stat(socket).catch(() => undefined);
  return found?.isSocket() ? socket : undefined;
}

/** The agent, with a fault if it holds no key or does not answer. Only needed after a failure. */
export async function agentCredential(socket: string): Promise<Credential> {
  const count = await new Promise<number>((resolve) => {
    ssh2.createAgent(socket).getIdentities((error, keys) => resolve(error ? 0 : (keys?.length ?? 0)));
  });
  if (count > 0) return {name: AGENT};
  return {
    name: AGENT,
    fault: {message: 'holds no key', hint: 'Load your key into the agent: ssh-add ~/.ssh/id_ed25519'},
  };
}
