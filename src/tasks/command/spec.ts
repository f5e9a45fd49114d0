import type {Command, Secret} from '../../shell/index.js';

/** A command and when it is due. */
export interface CommandSpec {
  /** Shell text, several lines if need be; with secrets or words to be quoted: ``sh`tool --name ${name}` ``. */
  readonly command: string | Command;
  /** What plans call it. Default: its first line. */
  readonly name?: string;
  /** An absolute path; the command is not due when something is there. */
  readonly creates?: string;
  /** Not due when this succeeds. It also runs for a plan, so it must only read. */
  readonly unless?: string | Command;
  /** Not due unless this succeeds. It also runs for a plan, so it must only read. */
  readonly onlyIf?: string | Command;
  /** Absolute. */
  readonly cwd?: string;
  /** Variables of its environment. A secret is masked wherever it is shown. */
  readonly env?: Readonly<Record<string, string | Secret>>;
  /** Runs as this user, with its HOME and without its login shell. */
  readonly user?: string;
}
