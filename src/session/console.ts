import type {Project} from '../local/project.js';
import {InputError, joined, positionIn, type Shown, type StyledText, severalLines, styled} from '../model/index.js';
import {DEFAULT_WIDTH, type RenderOptions, renderDiagnostics, useColor} from '../renderers/index.js';
import {writeText} from './streams.js';

/**
 * Where a command prints. All that goes through it is made visible, has every secret that is in use masked, and gets
 * its colours after that.
 */
export interface Console {
  readonly style: RenderOptions;
  print(text: StyledText): void;
  /** Prints a notice that is not part of the result, with a line break, to standard error. */
  notice(text: Shown): void;
  /** Masks with this function from now on. */
  maskWith(mask: (text: string) => string): void;
  /** A text with every secret that is in use masked. */
  mask(text: string): string;
}

/** The console of a command. Its mask also covers errors that nothing catches. */
export function openConsole({stdout, stderr, env, uncaught}: Project): Console {
  let mask = (text: string) => text;
  const write = (stream: NodeJS.WriteStream, text: StyledText) =>
    writeText(stream, maskStyled(text, mask), useColor(stream, env));
  return {
    style: {width: stdout.columns || DEFAULT_WIDTH},
    print: (text) => write(stdout, text),
    notice: (text) => write(stderr, styled`${text}\n`),
    maskWith: (next) => {
      mask = next;
      uncaught.mask = next;
    },
    mask: (text) => mask(text),
  };
}

/** Runs a command. Faults in the user's files are shown at their place, and give exit code 1. */
export async function reportingFaults(
  out: Console,
  command: () => Promise<number>,
  playbook = 'the playbook',
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!isOfTheUser(error)) throw masked(error, out);
    const {explainError} = await import('../playbooks/index.js');
    const {diagnostics} = explainError(error, playbook);
    out.notice(renderDiagnostics(diagnostics).trimEnd());
    return 1;
  }
}

/** A bug of ours, with the texts that Node will print masked and made visible. */
function masked(error: unknown, out: Console): unknown {
  const {mask} = out;
  if (!(error instanceof Error)) return error;
  const {message, stack} = error;
  const shown = (text: string) => String(severalLines(mask(text)));
  error.message = shown(message);
  if (stack !== undefined) error.stack = shown(stack);
  if (error.cause !== undefined) error.cause = masked(error.cause, out);
  return error;
}

/** Whether the user's playbook threw an error, or it is about the user's files. Otherwise it is a bug of ours. */
function isOfTheUser(error: unknown): boolean {
  return error instanceof InputError || (error instanceof Error && positionIn(error.stack ?? '') !== undefined);
}

/**
 * Masks a text whose colours may split a secret, as those of words in a diff do. A line in which they do loses its
 * colours; a text with a secret of several lines loses all of them.
 */
export function maskStyled(text: StyledText, mask: (text: string) => string): StyledText {
  const masked = mask(String(text));
  if (masked === String(text)) return text;
  const lines = joined(text.lines().map((line) => maskLine(line, mask)));
  return String(lines) === masked ? lines : severalLines(masked);
}

function maskLine(line: StyledText, mask: (text: string) => string): StyledText {
  const masked = mask(String(line));
  if (masked === String(line)) return line;
  const pieces = line.mapText(mask);
  return String(pieces) === masked ? pieces : severalLines(masked);
}
