import type {Failure} from '../model/index.js';
import {type SshTarget, sshTo} from './ssh-command.js';

/**
 * What ssh2 rejects a connection with: a socket's code, or the level of the protocol that failed. A code that is a number
 * is the reason of a disconnection (RFC 4253, 11.1), and then the message is the server's.
 */
export interface ConnectError extends Error {
  readonly code?: string | number;
  readonly level?: string;
}

/** The host is there and took none of our keys. */
export function isRefusedLogin({level}: ConnectError): boolean {
  return level === 'client-authentication';
}

/** Why a host could not be reached, in the words of somebody who has to mend it. */
export function connectFailure(host: SshTarget, error: ConnectError): Failure {
  if (/too many authentication failures/i.test(error.message)) return tooManyKeys(host);
  const where = `${host.address} port ${host.port}`;
  const hint = `Try: ssh -v ${sshTo(host)}`;
  if (isSaid(error)) return {reason: 'unreachable', message: `${where} said: ${quoted(error.message)}`, hint};
  const reasons: Record<string, [string, string]> = {
    ECONNREFUSED: [`${where} refuses connections`, 'Is sshd running there, and is the port right?'],
    EHOSTUNREACH: [`there is no route to ${where}`, 'Is the host up, and is the address right?'],
    ENETUNREACH: [`there is no route to ${where}`, 'Is this machine connected to the network?'],
    ETIMEDOUT: [`${where} does not answer`, 'Is the host up, and does a firewall let SSH through?'],
    ENOTFOUND: [
      `there is no address for the name ${host.address}`,
      "Correct the name, or give the host's address in its place.",
    ],
    EAI_AGAIN: [`the name ${host.address} cannot be resolved now`, 'Is the name server reachable?'],
  };
  const silent: [string, string] = [
    `${where} ends the connection before SSH begins`,
    `Is it sshd that listens there, and does it let this machine in? Try: ssh -v ${sshTo(host)}`,
  ];
  const [message, next] =
    reasons[error.level === 'client-timeout' ? 'ETIMEDOUT' : (error.code ?? '')] ??
    (isPassing(error) ? silent : [`${where}: ${error.message}`, hint]);
  return {reason: /timed out/i.test(error.message) ? 'timed-out' : 'unreachable', message, hint: next};
}

/** sshd's `MaxAuthTries`, 6 unless told otherwise; named keys are offered before those of the agent. */
function tooManyKeys({address, user}: SshTarget): Failure {
  return {
    reason: 'authentication-failed',
    message: `${address} took none of the first keys offered for ${user}, and wants to see no more`,
    hint: 'The SSH agent holds many: name the right one with identityFile in the inventory.',
  };
}

/** Worth another try: sshd drops connections at random when many come at once (`MaxStartups`). */
export function isPassing(error: ConnectError): boolean {
  if (isSaid(error)) return false;
  return error.code === 'ECONNRESET' || /before handshake|before authentication/i.test(error.message);
}

/** The server said why it ends the connection, in words of its own. */
const isSaid = ({code}: ConnectError) => typeof code === 'number';

/** Characters of a server's words that are told. */
const MOST_SAID = 200;

/** Words of a server, so that nobody takes them for ours: on one line, in quotes that they cannot close, and not many. */
export function quoted(said: string): string {
  const words = [...said.trim().replaceAll(/\s+/g, ' ').replaceAll('"', "'")];
  return `"${words.slice(0, MOST_SAID).join('')}${words.length > MOST_SAID ? '…' : ''}"`;
}
