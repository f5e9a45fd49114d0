import {InputError, positionIn} from '../model/index.js';
import {DEFAULT_WIDTH, type RenderOptions, renderDiagnostics, useColor} from '../renderers/index.js';
import {maskPainted} from './mask-painted.js';

/** Where a command prints. Whatever goes through it has every secret that is in use replaced. */
export interface Console {
  readonly style: RenderOptions;
  print(text: string): void;
  /** To standard error: notices that are not the result. */
  notice(text: string): void;
  /** From now on these texts are masked too. */
  maskWith(mask: (text: string) => string): void;
  /** A text with every secret that is in use replaced. */
  mask(text: string): string;
}

export function openConsole(): Console {
  let mask = (text: string) => text;
  return {
    style: {color: useColor(process.stdout), width: process.stdout.columns || DEFAULT_WIDTH},
    print: (text) => void process.stdout.write(maskPainted(text, mask)),
    notice: (text) => void process.stderr.write(`${maskPainted(text, mask)}\n`),
    maskWith: (next) => {
      mask = next;
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
    out.notice(renderDiagnostics(diagnostics, {color: useColor(process.stderr)}).trimEnd());
    return 1;
  }
}

/** A bug of ours, with what Node will print of it masked. */
function masked(error: unknown, {mask}: Console): unknown {
  if (!(error instanceof Error)) return error;
  const {message, stack} = error;
  error.message = mask(message);
  if (stack !== undefined) error.stack = mask(stack);
  return error;
}

/** An error thrown by code of the user's playbook, or one that speaks of the user's files. Else it is a bug of ours. */
function isOfTheUser(error: unknown): boolean {
  return error instanceof InputError || (error instanceof Error && positionIn(error.stack ?? '') !== undefined);
}
