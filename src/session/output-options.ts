import {type Command, Option} from 'commander';
import type {Detail} from '../renderers/index.js';

/** How much a command prints. */
export interface OutputOptions {
  readonly quiet?: boolean;
  /** How often `-v` was given. */
  readonly verbose?: number;
}

/** How much of a plan is shown. */
export function detailOf({quiet, verbose = 0}: OutputOptions): Detail {
  if (quiet) return 'brief';
  return verbose > 1 ? 'commands' : 'diffs';
}

/** Adds `--quiet` and `--verbose`. `quiet`: what is printed with `--quiet`. */
export function addOutputOptions(command: Command, quiet: string): Command {
  const verbose =
    '-v: each step as it comes, with its output; -vv: also its commands; -vvv: also connections and times';
  return command
    .addOption(new Option('-q, --quiet', quiet).conflicts('verbose'))
    .option('-v, --verbose', verbose, (_, count: number) => count + 1, 0);
}

/** The option `--format` of `plan` and `show`. */
export function formatOption(): Option {
  return new Option('--format <format>', 'how to show the plan').choices(['text', 'json', 'markdown']).default('text');
}

/** The examples below the help of a command, one on each line. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
