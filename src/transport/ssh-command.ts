import type {Host} from '../model/index.js';

/** All that it takes to address an SSH server; `user` is empty while nobody has said who logs in. */
export type SshTarget = Pick<Host, 'user' | 'address' | 'port'>;

/** What OpenSSH's programs are given to reach a host: `deploy@192.0.2.10`, `-p 2222 deploy@192.0.2.10`. */
export function sshTo({user, address, port}: SshTarget): string {
  return `${port === 22 ? '' : `-p ${port} `}${user === '' ? '' : `${user}@`}${address}`;
}
