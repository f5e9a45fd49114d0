import type {Failure, Host} from '../model/index.js';
import {sshTo} from './ssh-command.js';

/** A private key file or the SSH agent, and what keeps it from being used. */
export interface Credential {
  /** `/home/me/.ssh/id_ed25519`, `the SSH agent`. */
  readonly name: string;
  readonly fault?: Fault | undefined;
}

export interface Fault {
  /** `is encrypted`. */
  readonly message: string;
  /** One next step. */
  readonly hint: string;
}

/** There is no key that could be shown to the host. `credentials`: those that were looked at, all with a fault. */
export function nothingToTry(host: Host, credentials: readonly Credential[]): Failure {
  const found = faults(credentials);
  const make = `Name your key with identityFile in the inventory. None yet?\nssh-keygen -t ed25519; ssh-copy-id ${sshTo(host)}`;
  return {
    reason: 'authentication-failed',
    message: `there is no private key to log in as ${host.user}${found.length > 0 ? `: ${found.join(', ')}` : ''}`,
    hint: hintOf(credentials) ?? make,
  };
}

/** The host took none of the keys. */
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
