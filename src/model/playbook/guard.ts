import type {Command} from '../../shell/index.js';

/**
 * How a change that may lock everybody out is undone. Before the change the host is set to put back what it has by
 * itself after `seconds`, also across a reboot; only a new SSH connection made after the change calls that off.
 */
export interface Guard {
  /**
   * What is guarded, in letters, digits and dashes: `firewall`, `sshd`. It names a directory and a unit on the host.
   */
  readonly name: string;
  /** Until the host restores itself. */
  readonly seconds: number;
  /** Keeps what is there in the working directory, a private and empty directory. */
  readonly keep: Command;
  /** Puts back what `keep` kept, from the same directory. It may run early in a boot, before any service. */
  readonly restore: Command;
  /** Makes effective what was put back, on a host that has not been booted since. */
  readonly activate: Command;
}
