import {readdir, readFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {homedir} from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import {fingerprint, keyType} from '../transport/index.js';

/** A private key with which the user may log in. */
export interface LoginKey {
  /** `agent`, or the file's absolute path. */
  readonly from: string;
  /** `ssh-ed25519`, `ssh-rsa` …; empty for an encrypted file that does not say. */
  readonly type: string;
  readonly comment: string;
  /** `SHA256:…`; empty where the type is. */
  readonly fingerprint: string;
  /** Protected by a passphrase: usable only after it is loaded into the agent. */
  readonly encrypted: boolean;
}

/**
 * What the SSH agent offers, then the private keys in ~/.ssh by name. An encrypted file whose key the agent has is left
 * out, and so are keys of security tokens, which infra cannot use. Never rejects: what cannot be read is skipped.
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
  const publicFile = parsePublic(await readFile(`${file}.pub`, 'utf8').catch(() => ''));
  const wire = found.wire ?? publicFile?.wire;
  const key = wire ? described(wire, found.comment || (publicFile?.comment ?? '')) : UNKNOWN;
  return {from: file, ...key, encrypted: found.encrypted};
}

/** Names in order; pipes and sockets, on which reading might block, are left out. */
async function filesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, {withFileTypes: true}).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({name}) => name)
    .sort();
}

const UNKNOWN = {type: '', comment: '', fingerprint: ''};

const described = (wire: Buffer, comment: string) => ({type: keyType(wire), comment, fingerprint: fingerprint(wire)});

/** A `.pub` file: type, base64, comment. */
function parsePublic(text: string) {
  const [, type, key = '', comment = ''] = /^(\S+) (\S+)(?: (.*))?/.exec(text) ?? [];
  const wire = Buffer.from(key, 'base64');
  return readStrings(wire, 1)[0]?.toString('latin1') === type ? {wire, comment} : undefined;
}

/** A public key that the agent has the private half of. */
interface AgentKey {
  readonly wire: Buffer;
  readonly comment: string;
}

/** Milliseconds after which an agent that does not answer counts as missing. */
const AGENT_TIMEOUT = 2000;

/** Asks an SSH agent for its keys (draft-ietf-sshm-ssh-agent). None where there is no agent, or one that does not answer. */
function agentKeys(socketPath: string | undefined): Promise<readonly AgentKey[]> {
  if (!socketPath) return Promise.resolve([]);
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => socket.write(REQUEST));
    let answer = Buffer.alloc(0);
    socket.setTimeout(AGENT_TIMEOUT, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (readStrings(answer, 1).length === 1) socket.destroy();
    });
    // A broken agent has no keys.
    socket.on('error', () => {});
    socket.on('close', () => resolve(parseAgentKeys(answer)));
  });
}

/** SSH_AGENTC_REQUEST_IDENTITIES: a message of one byte. */
const REQUEST = Buffer.from([0, 0, 0, 1, 11]);

const IDENTITIES_ANSWER = 12;

/** The answer: its length, its type, a number of keys, and for each the key and its comment. */
function parseAgentKeys(answer: Buffer): readonly AgentKey[] {
  const [message] = readStrings(answer, 1);
  if (!message || message.length < 5 || message[0] !== IDENTITIES_ANSWER) return [];
  const strings = readStrings(message.subarray(5), 2 * message.readUInt32BE(1));
  return strings.flatMap((wire, at) =>
    at % 2 === 0 && wire.length > 4 ? [{wire, comment: strings[at + 1]?.toString('utf8') ?? ''}] : [],
  );
}

/** What the file of a private key says without its passphrase. */
interface PrivateKey {
  readonly encrypted: boolean;
  /** The public key in wire form; undefined where it is encrypted too. */
  readonly wire: Buffer | undefined;
  readonly comment: string;
}

/** Undefined when the text is not a private key that infra can use. */
function parsePrivateKey(text: string): PrivateKey | undefined {
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return undefined;
  const key = ssh2.utils.parseKey(text);
  if (!(key instanceof Error)) return {encrypted: false, wire: key.getPublicSSH(), comment: key.comment};
  if (!/encrypted|passphrase/i.test(key.message)) return undefined;
  return {encrypted: true, wire: openSshPublic(text), comment: ''};
}

/** OpenSSH's own format has the public half in clear: PROTOCOL.key in its sources. */
function openSshPublic(text: string): Buffer | undefined {
  const [, base64] = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)/.exec(text) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined;
  // Cipher, derivation and its options; then the number of keys.
  const [cipher, derivation, options] = readStrings(bytes.subarray(MAGIC.length), 3);
  if (!cipher || !derivation || !options) return undefined;
  const before = MAGIC.length + 12 + cipher.length + derivation.length + options.length;
  return readStrings(bytes.subarray(before + 4), 1)[0];
}

const MAGIC = 'openssh-key-v1\0';

/** The first `count` strings of SSH's wire form, each with its length before it (RFC 4251, 5); fewer where it ends. */
function readStrings(bytes: Buffer, count: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (found.length < count && at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}
