/** The surroundings of a command, in place of the globals of its process. Made once, by `cli.ts`. */
export interface Project {
  /** Masks the secrets in an error that nothing catches: the console of a command puts its own mask here. */
  readonly uncaught: {mask: (text: string) => string};
  /** The directory that infra was started in. Absolute path. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** What stands on the command line after `infra`. */
  readonly args: readonly string[];
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** The time of day. */
  now(): Date;
  /** The code that the process ends with, once everything is written. */
  exitWith(code: number): void;
}

/** Whether a person can be asked: what infra prints and what it reads are terminals. */
export const canAsk = ({stdin, stdout}: Project): boolean => stdin.isTTY === true && stdout.isTTY === true;

/** The project in the working directory of this process. */
export function projectHere(): Project {
  const {stdout, stderr, env} = process;
  return {
    uncaught: {mask: (text) => text},
    root: process.cwd(),
    env,
    args: process.argv.slice(2),
    // Opened only when it is read: the process then waits for a pipe.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    now: () => new Date(),
    exitWith: (code) => {
      process.exitCode = code;
    },
  };
}
