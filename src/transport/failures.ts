import type {Failure, Host, Problem} from '../model/index.js';

/**
 * What ssh2 rejects a connection with: a socket's code, or the level of the protocol that failed. A code that is a number
 * is the reason of a disconnection (RFC 4253, 11.1), and then the message is the server's.
 */
export interface ConnectError extends Error {
  readonly code?: string | number;
  readonly level?: string;
}

/** The host answers and refused all of our keys. */
export function isRefusedLogin({level}: ConnectError): boolean {
  return level === 'client-authentication';
}

/** Why a host could not be reached, in the words of the operator who has to fix it. */
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
      "Correct the name, or use the host's address instead.",
    ],
    EAI_AGAIN: [`the name ${host.address} cannot be resolved now`, 'Is the name server reachable?'],
  };
  const silent: [string, string] = [
    `${where} ends the connection before SSH begins`,
    `Does sshd listen there, and does it let this machine in? Try: ssh -v ${sshTo(host)}`,
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
    message: `${address} refused the first keys offered for ${user} and accepts no more attempts`,
    hint: 'The SSH agent holds many keys. Name the right one with identityFile in the inventory.',
  };
}

/** Worth another attempt: sshd drops connections at random when many come at once (`MaxStartups`). */
export function isPassing(error: ConnectError): boolean {
  if (isSaid(error)) return false;
  return error.code === 'ECONNRESET' || /before handshake|before authentication/i.test(error.message);
}

/** The server said why it ends the connection, in words of its own. */
const isSaid = ({code}: ConnectError) => typeof code === 'number';

/** Characters of a server's message that are shown. */
const MOST_SAID = 200;

/** A server's message, so that it cannot be taken for ours: shortened, on one line, in quotes that it cannot close. */
export function quoted(said: string): string {
  const words = [...said.trim().replaceAll(/\s+/g, ' ').replaceAll('"', "'")];
  return `"${words.slice(0, MOST_SAID).join('')}${words.length > MOST_SAID ? '…' : ''}"`;
}

/** A private key file or the SSH agent, and why it cannot be used. */
export interface Credential {
  /** `/home/me/.ssh/id_ed25519`, `the SSH agent`. */
  readonly name: string;
  readonly fault?: Problem | undefined;
}

/** There is no usable key. `credentials`: those that were tried, all with a fault. */
export function nothingToTry(host: Host, credentials: readonly Credential[]): Failure {
  const found = faults(credentials);
  const make = `Name your key with identityFile in the inventory. None yet?\nssh-keygen -t ed25519; ssh-copy-id ${sshTo(host)}`;
  return {
    reason: 'authentication-failed',
    message: `there is no private key to log in as ${host.user}${found.length > 0 ? `: ${found.join(', ')}` : ''}`,
    hint: hintOf(credentials) ?? make,
  };
}

/** The host refused all keys. */
export function loginRefused(host: Host, credentials: readonly Credential[]): Failure {
  const shown = credentials.filter(({fault}) => fault === undefined).map(({name}) => name);
  if (shown.length === 0) return nothingToTry(host, credentials);
  const found = faults(credentials);
  const others = found.length > 0 ? ` (not tried: ${found.join(', ')})` : '';
  return {
    reason: 'authentication-failed',
    message: `${host.address} does not let ${host.user} log in with ${shown.join(' or ')}${others}`,
    hint: hintOf(credentials) ?? `Is ${host.user} the right user? Then put the key there:\n${copyCommand(host, shown)}`,
  };
}

/** The name of the agent among credentials. */
export const AGENT = 'the SSH agent';

const faults = (credentials: readonly Credential[]) =>
  credentials.flatMap(({name, fault}) => (fault ? [`${name} ${fault.message}`] : []));

const hintOf = (credentials: readonly Credential[]) => credentials.find(({fault}) => fault)?.fault?.hint;

function copyCommand(host: Host, shown: readonly string[]): string {
  const file = shown.find((name) => name !== AGENT);
  return `ssh-copy-id ${file === undefined ? '' : `-i ${file} `}${sshTo(host)}`;
}

/** The address of an SSH server; `user` is empty while it is not known who logs in. */
type SshTarget = Pick<Host, 'user' | 'address' | 'port'>;

/** The arguments with which OpenSSH's programs reach a host: `deploy@192.0.2.10`, `-p 2222 deploy@192.0.2.10`. */
export function sshTo({user, address, port}: SshTarget): string {
  return `${port === 22 ? '' : `-p ${port} `}${user === '' ? '' : `${user}@`}${address}`;
}
