import {readdir, readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {fingerprint, keyType} from '../transport/index.js';
import {agentKeys} from './agent-keys.js';
import {parsePrivateKey} from './private-key.js';
import {readStrings} from './wire.js';

/** A private key with which one may try to log in. */
export interface LoginKey {
  /** `agent`, or the file's absolute path. */
  readonly from: string;
  /** `ssh-ed25519`, `ssh-rsa` …; empty for an encrypted file that does not say. */
  readonly type: string;
  readonly comment: string;
  /** `SHA256:…`; empty where the type is. */
  readonly fingerprint: string;
  /** Protected by a passphrase: of use only once it is loaded into the agent. */
  readonly encrypted: boolean;
}

/**
 * What the SSH agent offers, then the private keys in ~/.ssh by name. An encrypted file whose key the agent has is left
 * out, and so are keys of security tokens, which infra cannot use. Never rejects: what cannot be read does not count.
 */
export async function loginKeys(env: NodeJS.ProcessEnv): Promise<readonly LoginKey[]> {
  const directory = path.join(env.HOME ?? homedir(), '.ssh');
  const [offered, names] = await Promise.all([agentKeys(env.SSH_AUTH_SOCK), filesOf(directory)]);
  const inAgent = offered.map(({wire, comment}) => ({from: 'agent', ...described(wire, comment), encrypted: false}));
  const files = await Promise.all(names.map((name) => loadKey(path.join(directory, name))));
  const held = new Set(inAgent.map((key) => key.fingerprint));
  const own = files.filter((key) => key !== undefined).filter((key) => !(key.encrypted && held.has(key.fingerprint)));
  return [...inAgent, ...own].filter(({type}) => !type.startsWith('sk-'));
}

async function loadKey(file: string): Promise<LoginKey | undefined> {
  const text = await readFile(file, 'latin1').catch(() => '');
  const found = parsePrivateKey(text);
  if (!found) return undefined;
  const beside = parsePublic(await readFile(`${file}.pub`, 'utf8').catch(() => ''));
  const wire = found.wire ?? beside?.wire;
  const key = wire ? described(wire, found.comment || (beside?.comment ?? '')) : NAMELESS;
  return {from: file, ...key, encrypted: found.encrypted};
}

/** Names in order; pipes and sockets, which reading might wait for, are left out. */
async function filesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, {withFileTypes: true}).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({name}) => name)
    .sort();
}

const NAMELESS = {type: '', comment: '', fingerprint: ''};

const described = (wire: Buffer, comment: string) => ({type: keyType(wire), comment, fingerprint: fingerprint(wire)});

/** A `.pub` file: type, base64, comment. */
function parsePublic(text: string) {
  const [, type, key = '', comment = ''] = /^(\S+) (\S+)(?: (.*))?/.exec(text) ?? [];
  const wire = Buffer.from(key, 'base64');
  return readStrings(wire, 1)[0]?.toString('latin1') === type ? {wire, comment} : undefined;
}
