import type {Position} from '../position.js';

/** One server of the inventory: how it is reached, what it belongs to and what it is told. */
export interface Host {
  /** As the inventory calls it. */
  readonly name: string;
  /** Address or DNS name that SSH connects to. */
  readonly address: string;
  /** Of SSH. */
  readonly port: number;
  /** Login user. */
  readonly user: string;
  /** Run as root through `sudo`; needless when `user` is root. */
  readonly become: boolean;
  /** Private key files, tried in order before the agent. Absolute paths. */
  readonly identityFiles: readonly string[];
  /** Files of known host keys. Absolute paths. */
  readonly knownHostsFiles: readonly string[];
  /** Names of the groups it is in, outermost (`all`) first. */
  readonly groups: readonly string[];
  /** Variables after groups and host are merged. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Where the inventory names it. */
  readonly at?: Position | undefined;
}
