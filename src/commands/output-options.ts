import {type Command, Option} from 'commander';

/** How much a command prints. */
export interface OutputOptions {
  readonly quiet?: boolean;
  /** How often `-v` was given. */
  readonly verbose?: number;
}

/** `quiet`: what is printed then. */
export function addOutputOptions(command: Command, quiet: string): Command {
  const verbose = '-v: each step as it comes, with what it prints; -vv: its commands too; -vvv: connections and times';
  return command
    .addOption(new Option('-q, --quiet', quiet).conflicts('verbose'))
    .option('-v, --verbose', verbose, (_, count: number) => count + 1, 0);
}
