import {type Shown, type StyledText, styled, terminalText} from '../../model/index.js';
import {useColor} from '../text/options.js';
import {liveProgress, type ProgressDisplay} from './live-progress.js';
import {plainProgress} from './plain-progress.js';

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** The other of standard output and standard error: it is held back too while rows are drawn. */
  readonly other: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Names of the hosts, in the order of their rows. */
  readonly hosts: readonly string[];
  /** Default: what {@link useColor} says of the stream. */
  readonly color?: boolean | undefined;
  /** Default: true on a terminal that can move its cursor. */
  readonly live?: boolean | undefined;
  /** 1: plain lines with what tasks print; 2: their commands too. Default 0. */
  readonly verbosity?: number | undefined;
}

/** Progress in the form that suits the stream: live rows on a terminal, plain lines elsewhere. */
export function createProgress({
  stream,
  other,
  env,
  hosts,
  color = useColor(stream, env),
  verbosity = 0,
  live = stream.isTTY === true && env.TERM !== 'dumb' && verbosity === 0,
}: ProgressOptions): ProgressDisplay {
  if (live) return liveProgress(stream, {hosts, color, other, env});
  const write = (text: StyledText) => stream.write(terminalText(text, color));
  return {
    listener: plainProgress(write, {hosts, verbosity, condense: verbosity === 0}),
    tell: (text: Shown) => void write(styled`${text}\n`),
    stop: async () => {},
  };
}
