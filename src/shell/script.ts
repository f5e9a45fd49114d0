import type {Command, Places} from './command.js';
import {quote} from './quote.js';
import type {Answer} from './reply.js';
import type {Upload} from './upload.js';

/** One command of a script. */
export interface Step {
  readonly command: Command;
  /** When it fails, nothing after it runs. Probes go on, changes stop. */
  readonly required: boolean;
  /**
   * `probe`: it only reads, so many are answered at once, and it may write no file above 32 MiB. `live`: its output comes
   * line by line while it runs. Left out: its output comes when it has ended.
   */
  readonly mode?: 'probe' | 'live' | undefined;
  /** The answer that it must give, else nothing after it runs. When it does, its reply is `AS_EXPECTED`. */
  readonly expect?: Answer | undefined;
}

/** A script for the remote loop of `transport/bootstrap.ts`, whose functions it calls. */
export interface Script {
  readonly text: string;
  /** What has to be on the host before it begins; each once. */
  readonly uploads: readonly Upload[];
}

export interface ScriptOptions {
  /** The number of the first step. Default 0. */
  readonly first?: number | undefined;
  /** Of the connection that runs it. */
  readonly places?: Places | undefined;
  /** It ends before its next change once the run was told to stop. Default false. */
  readonly stoppable?: boolean | undefined;
  /** Its steps run in the remote loop itself: files they open stay open. They must not exit. Default false. */
  readonly kept?: boolean | undefined;
}

/**
 * Many commands as one script, numbered from `first`. Each is one quoted word, evaluated in a clean subshell: whatever
 * its text, it can break, see or forge no other.
 */
export function renderScript(
  steps: readonly Step[],
  {first = 0, places, stoppable = false, kept = false}: ScriptOptions = {},
): Script {
  const lines = steps.map((step, index) => {
    const text = quote(step.command.reveal(places));
    const stop = step.required || step.expect ? ' || end' : '';
    const check = stoppable && step.mode !== 'probe' && !step.expect ? 'stopped;' : '';
    return `${check}${kept ? 'kept' : verbOf(step)} ${first + index} ${text}${expectation(step)}${stop}`;
  });
  const uploads = new Map(steps.flatMap(({command}) => command.uploads.map((each) => [each.sha256, each])));
  return {text: [...lines, 'flush'].join('\n'), uploads: [...uploads.values()]};
}

function verbOf({mode, expect}: Step): string {
  if (expect) return 'expect';
  return mode ?? 'quiet';
}

function expectation({expect}: Step): string {
  return expect === undefined ? '' : ` ${expect.code} ${expect.sha256}`;
}
