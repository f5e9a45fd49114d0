import type {Failure, Host} from '../model/index.js';

/** What ssh2 rejects a connection with: a socket's code, or the level of the protocol that failed. */
export interface ConnectError extends Error {
  readonly code?: string;
  readonly level?: string;
}

/** Why a host could not be reached, in the words of somebody who has to mend it. */
export function connectFailure(host: Host, error: ConnectError, tried: readonly string[]): Failure {
  if (error.level === 'client-authentication') return authenticationFailed(host, tried);
  const where = `${host.address} port ${host.port}`;
  const reasons: Record<string, [string, string]> = {
    ECONNREFUSED: [`${where} refuses connections`, 'Is sshd running there, and is the port right?'],
    EHOSTUNREACH: [`there is no route to ${where}`, 'Is the host up, and is the address right?'],
    ENETUNREACH: [`there is no route to ${where}`, 'Is this machine connected to the network?'],
    ETIMEDOUT: [`${where} does not answer`, 'Is the host up, and does a firewall let SSH through?'],
    ENOTFOUND: [`there is no address for the name ${host.address}`, 'Give the host an address in the inventory.'],
    EAI_AGAIN: [`the name ${host.address} cannot be resolved now`, 'Is the name server reachable?'],
  };
  const [message, hint] = reasons[error.code ?? ''] ?? [
    `${where}: ${error.message}`,
    `Try: ssh -v -p ${host.port} ${host.user}@${host.address}`,
  ];
  return {reason: /timed out/i.test(error.message) ? 'timed-out' : 'unreachable', message, hint};
}

/** Worth another try: sshd drops connections at random when many come at once (`MaxStartups`). */
export function isPassing(error: ConnectError): boolean {
  return error.code === 'ECONNRESET' || /before handshake|before authentication/i.test(error.message);
}

/** Why the remote shell ended, from the last thing the host said. */
export function shellFailure(host: Host, said: string): Failure {
  const text = said.trim();
  if (/^sudo:.*(password|terminal|askpass)/im.test(text)) {
    return {
      reason: 'become-failed',
      message: `sudo wants a password for ${host.user}`,
      hint: `Allow it without one, on the host: echo '${host.user} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/${host.user}
or log in as root: set "user: root" in the inventory.`,
      output: text,
    };
  }
  if (/sudo/i.test(text) && /not found|not in the sudoers|not allowed/i.test(text)) {
    return {
      reason: 'become-failed',
      message: `${host.user} may not become root with sudo`,
      hint: `Install sudo and allow ${host.user} to use it, or set "user: root" in the inventory.`,
      output: text,
    };
  }
  return {
    reason: 'connection-lost',
    message: 'the connection was lost',
    hint: 'What ran on the host was ended. Run the same command again: it goes on from the state it finds.',
    ...(text ? {output: text} : {}),
  };
}

function authenticationFailed(host: Host, tried: readonly string[]): Failure {
  return {
    reason: 'authentication-failed',
    message: `${host.address} does not let ${host.user} log in (tried: ${tried.join(', ')})`,
    hint: `Put the public key into ~${host.user}/.ssh/authorized_keys there, or set user and identityFile in the inventory.`,
  };
}
