import type {Host} from '../model/index.js';
import type {Connection} from './connection.js';
import type {HostKey} from './host-key.js';

/** How a connection is made. */
export interface ConnectOptions {
  /** Where the SSH agent is named. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Ends the attempt, which then rejects with the signal's reason, or the connection. */
  readonly signal?: AbortSignal | undefined;
  /** For connecting, logging in and the first answer of the remote shell, all attempts together. Default 20. */
  readonly seconds?: number | undefined;
}

/**
 * How hosts are reached. Each member of the family has a directory of its own here and shares what lies beside the
 * directories; commands choose one and hand it down, so that the engine, the guard and the survey name none. What all
 * of them promise is tested once, in `test/transport/contract.ts`.
 */
export interface Transport {
  /**
   * Opens a connection with a root shell that has answered. Rejects with `HostError` (`unreachable`,
   * `authentication-failed`, `host-key-unknown`, `host-key-changed`, `become-failed`, `timed-out`, `protocol-broken`,
   * `connection-lost`); nothing is left open then.
   */
  connect(host: Host, options?: ConnectOptions): Promise<Connection>;
}

/** Of {@link ScanHostKeys}. */
export type ScanOptions = Pick<ConnectOptions, 'signal' | 'seconds'>;

/**
 * Asks a server for its host keys, before anybody logs in. Rejects with `HostError` where no SSH server answers, and
 * with the signal's reason; no connection is left open.
 */
export type ScanHostKeys = (address: string, port: number, options?: ScanOptions) => Promise<readonly HostKey[]>;
