import type {Host} from '../model/index.js';
import type {Command, FrameEvent, OutputLine, Reply, ShellStep} from '../shell/index.js';
import type {HostKey} from './known-hosts.js';

/** How a connection is made. */
export interface ConnectOptions {
  /** Aborts the attempt, which then rejects with the signal's reason, or ends the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds for connecting, logging in and the first answer of the remote shell, all attempts together. Default 20. */
  readonly seconds?: number | undefined;
  /** Of these, seconds for the TCP connection: a host that is off answers nothing. Default: all of them. */
  readonly dialSeconds?: number | undefined;
}

/**
 * How hosts are reached. Each implementation has its own directory here and shares the files next to the directories;
 * commands choose one and pass it on, so that the engine, the guard and the survey import none. The contract of all of
 * them is tested once, in `test/transport/contract.ts`.
 */
export interface Transport {
  /**
   * Opens a connection with a root shell that has answered. Rejects with `HostError` (`unreachable`,
   * `authentication-failed`, `host-key-unknown`, `host-key-changed`, `become-failed`, `timed-out`, `protocol-broken`,
   * `connection-lost`); nothing is left open then.
   */
  connect(host: Host, options?: ConnectOptions): Promise<Connection>;
}

/** Options of {@link ScanHostKeys}. */
export type ScanOptions = Pick<ConnectOptions, 'signal' | 'seconds'>;

/**
 * Asks a server for its host keys, without logging in. Rejects with `HostError` where no SSH server answers, and with
 * the signal's reason; no connection is left open.
 */
export type ScanHostKeys = (address: string, port: number, options?: ScanOptions) => Promise<readonly HostKey[]>;

/** How a script is run. */
export interface RunOptions {
  /** Called as changes begin and steps end, in order. */
  readonly onEvent?: ((event: FrameEvent) => void) | undefined;
  /** Called with every line that a `live` step prints, as it comes. */
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
  /** The script may be ended between two steps by {@link Connection.stop}. Default false. */
  readonly stoppable?: boolean | undefined;
  /**
   * Seconds that the host may send nothing, after which the connection is given up; the watchdog on the host then ends what
   * still runs. Left out: a script may take hours, for as long as its host is alive.
   */
  readonly silence?: number | undefined;
  /** Seconds that the script may take in all, whatever the host sends in the meantime. Left out: there is no such limit. */
  readonly within?: number | undefined;
}

/** A connection to one host: a root shell that runs one script after another. All that the engine knows of SSH. */
export interface Connection {
  /**
   * Runs the steps as one script and resolves with their replies; a step that did not run (a required one before it
   * failed, or gave another answer than expected) has none. Rejects with `HostError` (`connection-lost`, `timed-out`,
   * `protocol-broken`, `upload-failed`).
   */
  run(steps: readonly ShellStep[], options?: RunOptions): Promise<readonly (Reply | undefined)[]>;
  /** Runs one command in the remote shell itself, so that files it opens (a lock) stay open for the whole run. */
  keep(command: Command, options?: Pick<RunOptions, 'within'>): Promise<Reply>;
  /** Ends a stoppable script after the step that runs now: the steps after it have no reply. So does every later one. */
  stop(): void;
  /** Ends the remote shell and the connection. Never rejects. */
  close(): Promise<void>;
}
