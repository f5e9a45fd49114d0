import type {Command, FrameEvent, OutputLine, Reply, ShellStep} from '../shell/index.js';

/** How a script is run. */
export interface RunOptions {
  /** Called as changes begin and steps end, in order. */
  readonly onEvent?: ((event: FrameEvent) => void) | undefined;
  /** Called with every line that a `live` step prints, as it comes. */
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
  /** The script may be ended between two steps by {@link Connection.stop}. Default false. */
  readonly stoppable?: boolean | undefined;
  /**
   * Seconds that the host may say nothing, after which the connection is given up; the watchdog on the host then ends what
   * still runs. Left out: a script may take hours, for as long as its host is alive.
   */
  readonly silence?: number | undefined;
  /** Seconds that the script may take in all, whatever the host says meanwhile. Left out: there is no such limit. */
  readonly within?: number | undefined;
}

/** One host, reached: a root shell that runs one script after another. The only thing the engine knows of SSH. */
export interface Connection {
  /**
   * Runs the steps as one script and resolves with their replies; a step that did not run (a required one before it
   * failed, or gave another answer than expected) has none. Rejects with `HostError` (`connection-lost`, `timed-out`,
   * `protocol-broken`, `upload-failed`).
   */
  run(steps: readonly ShellStep[], options?: RunOptions): Promise<readonly (Reply | undefined)[]>;
  /** Runs one command in the remote shell itself, so that files it opens (a lock) stay open for the whole run. */
  keep(command: Command, options?: Pick<RunOptions, 'within'>): Promise<Reply>;
  /** Has a stoppable script end after the step that runs now: the steps after it have no reply. It stays so. */
  stop(): void;
  /** Ends the remote shell and the connection. Never rejects. */
  close(): Promise<void>;
}
