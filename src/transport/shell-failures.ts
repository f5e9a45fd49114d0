import type {Failure, Host} from '../model/index.js';
import {sshTo} from './failures.js';

/**
 * Why the remote shell ended, from the last output of the host. `code`: its exit code, if it ended by itself before it
 * answered.
 */
export function shellFailure(host: Host, said: string, code?: number): Failure {
  const text = said.trim().slice(-MOST_SAID);
  const output = text ? {output: text} : {};
  const refusal = sudoRefusal(host, text, code);
  if (refusal !== undefined) return {reason: 'become-failed', ...refusal, ...output};
  if (code !== undefined) return {reason: 'unreachable', ...loginEnded(host, text, code), ...output};
  return {
    reason: 'connection-lost',
    message: 'the connection was lost',
    hint: 'What ran on the host was ended. Run the same command again: it continues from the state that it finds.',
    ...output,
  };
}

/** Characters of a host's last output that are kept. */
const MOST_SAID = 4000;

type Explanation = Pick<Failure, 'message' | 'hint'>;

/** `sudo -n` asks for a password whether or not the user is in a sudoers file. */
function sudoRefusal({user}: Host, text: string, code: number | undefined): Explanation | undefined {
  const asRoot = 'or set "user: root" in the inventory, where root may log in with your key.';
  if (/\bsudo: (?:command )?not found|\bsudo: No such file/i.test(text))
    return {message: 'sudo is not installed', hint: `As root on the host:\napt-get install sudo\n${asRoot}`};
  const allow = `As root on the host:\necho ${line(user)} > /etc/sudoers.d/${user.replaceAll(/[.~]/g, '-')}`;
  if (/^sudo:.*(password|terminal|askpass)/im.test(text))
    return {message: `sudo wants a password for ${user}`, hint: `${allow}\n${asRoot}`};
  if (/^sudo:.*must have a tty/im.test(text))
    return {
      message: `sudo wants a terminal for ${user}`,
      hint: `As root on the host:\necho 'Defaults:${user} !requiretty' > /etc/sudoers.d/${user.replaceAll(/[.~]/g, '-')}-tty`,
    };
  const refused = /not in the sudoers|not allowed to|may not run sudo/i.test(text) || /^sudo:/m.test(text);
  return refused && code !== undefined
    ? {message: `${user} may not become root with sudo`, hint: `${allow}\n${asRoot}`}
    : undefined;
}

const line = (user: string) => `'${user} ALL=(ALL) NOPASSWD: ALL'`;

function loginEnded(host: Host, text: string, code: number): Explanation {
  const {user} = host;
  if (/password.*expired|password change required/is.test(text))
    return {
      message: `the password of ${user} has expired`,
      hint: `Log in by hand and set a new one: ssh ${sshTo(host)}`,
    };
  if (/account is currently not available|account.*(expired|disabled|locked)/i.test(text))
    return {
      message: `${user} has no shell to log in with`,
      hint: `Name another user in the inventory, or as root on the host:\nusermod --shell /bin/bash ${user}`,
    };
  return {
    message: `the login shell of ${user} ended at once, with exit code ${code}`,
    hint: `Files such as ~/.bashrc must not end a shell that has no terminal. Try: ssh ${sshTo(host)} true`,
  };
}

/** The shell ended without output from the host. */
export const ENDED: Failure = {
  reason: 'connection-lost',
  message: 'the connection was given up',
  hint: 'What ran on the host was ended. Run the same command again: it continues from the state that it finds.',
};

/** The connection brings something else than the answers of the remote shell. `what`: it, in a few words. */
export function protocolBroken(what: string): Failure {
  return {
    reason: 'protocol-broken',
    message: `the host does not answer as the remote shell does: ${what}`,
    hint: 'Does something on the host, such as ~/.bashrc or a proxy, print into the connection? Run it again with -vvv.',
  };
}

/** The host sent nothing for too long. */
export function silent(seconds: number): Failure {
  return {reason: 'timed-out', message: `no answer within ${seconds} seconds`, hint: 'Check the load of the host.'};
}

/** The host sent something, but never all of it. */
export function endless(seconds: number): Failure {
  const message = `no whole answer within ${seconds} seconds`;
  return {reason: 'timed-out', message, hint: 'Check the load of the host.'};
}

/** The host could not store an upload. */
export const NOT_STORED: Failure = {
  reason: 'upload-failed',
  message: 'the host cannot store the files that are sent to it',
  hint: 'Is its disk full or read-only? On the host: df /var/lib/infra',
};

/** A local file could not be read to the end. */
export function notRead(error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error);
  return {
    reason: 'upload-failed',
    message: `a local file could not be sent: ${why}`,
    hint: 'Run the same command again.',
  };
}

/** The login succeeded, and then nothing came. */
export function noShell(host: Host, said: string, seconds: number): Failure {
  const text = said.trim();
  return {
    reason: 'timed-out',
    message: `${host.user} could log in, but no shell has answered within ${Math.ceil(seconds)} seconds`,
    hint: `Check the load of the host and what the login of ${host.user} starts. Try: ssh ${sshTo(host)} true`,
    ...(text && {output: text}),
  };
}
