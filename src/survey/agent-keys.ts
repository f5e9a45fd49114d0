import {connect} from 'node:net';
import {readStrings} from './wire.js';

/** A public key that the agent has the private half of. */
export interface AgentKey {
  readonly wire: Buffer;
  readonly comment: string;
}

/** Milliseconds after which an agent that does not answer counts as none. */
const PATIENCE = 2000;

/** Asks an SSH agent for its keys (draft-ietf-sshm-ssh-agent). None where there is no agent, or one that does not answer. */
export function agentKeys(socketPath: string | undefined): Promise<readonly AgentKey[]> {
  if (!socketPath) return Promise.resolve([]);
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => socket.write(REQUEST));
    let answer = Buffer.alloc(0);
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (readStrings(answer, 1).length === 1) socket.destroy();
    });
    // What is wrong with the agent shows in that there are no keys.
    socket.on('error', () => {});
    socket.on('close', () => resolve(parseAgentKeys(answer)));
  });
}

/** SSH_AGENTC_REQUEST_IDENTITIES: a message of one byte. */
const REQUEST = Buffer.from([0, 0, 0, 1, 11]);

const IDENTITIES_ANSWER = 12;

/** The answer: its length, its type, a number of keys, and for each the key and its comment. */
export function parseAgentKeys(answer: Buffer): readonly AgentKey[] {
  const [message] = readStrings(answer, 1);
  if (!message || message.length < 5 || message[0] !== IDENTITIES_ANSWER) return [];
  const strings = readStrings(message.subarray(5), 2 * message.readUInt32BE(1));
  return strings.flatMap((wire, at) =>
    at % 2 === 0 && wire.length > 4 ? [{wire, comment: strings[at + 1]?.toString('utf8') ?? ''}] : [],
  );
}
