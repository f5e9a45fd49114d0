/** Options of text for people. */
export interface RenderOptions {
  /** Columns to wrap prose and names at, default 80. File contents are never wrapped. */
  readonly width?: number | undefined;
  /** Whether failures of code are shown with their stack, as with `-v`. Default false. */
  readonly stacks?: boolean | undefined;
}

/** How much a plan shows of a task: its name, also what differs, or also the commands that would change it. */
export type Detail = 'brief' | 'diffs' | 'commands';

export const DEFAULT_WIDTH = 80;

/**
 * Whether a stream should get colour. FORCE_COLOR decides when set (`0` and `false` mean no), then NO_COLOR
 * (no-color.org: any value but the empty one), then TERM=dumb, then whether the stream is a terminal.
 */
export function useColor(
  stream: {readonly isTTY?: boolean | undefined},
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if ((env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return false;
  return stream.isTTY === true;
}

/** With more hosts than this, a line for each event on each host is more than people read. */
export const MANY = 20;
