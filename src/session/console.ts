import type {Project} from '../local/project.js';
import {InputError, joined, positionIn, type Shown, type StyledText, severalLines, styled} from '../model/index.js';
import {DEFAULT_WIDTH, type RenderOptions, renderDiagnostics, useColor} from '../renderers/index.js';
import {writeText} from './streams.js';

/**
 * Where a command prints. Whatever goes through it is visible text, has every secret that is in use replaced, and gets its
 * colours only then.
 */
export interface Console {
  readonly style: RenderOptions;
  print(text: StyledText): void;
  /** To standard error: notices that are not the result, each with a line break after it. */
  notice(text: Shown): void;
  /** From now on these texts are masked too. */
  maskWith(mask: (text: string) => string): void;
  /** A text with every secret that is in use replaced. */
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

/** Runs a command; what is wrong in the user's files is shown where it stands, and gives exit code 1. */
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

/** A bug of ours, with what Node will print of it masked and visible. */
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

/** An error thrown by code of the user's playbook, or one that speaks of the user's files. Else it is a bug of ours. */
function isOfTheUser(error: unknown): boolean {
  return error instanceof InputError || (error instanceof Error && positionIn(error.stack ?? '') !== undefined);
}

/**
 * Masks a text whose colours may part what is to be hidden, as those of words in a diff do. A line in which they do
 * loses its colours; a text with a secret of several lines loses all of them.
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
