import type {StyledText} from '../../model/index.js';

/** The tone of a text: good, a change, bad, or of no importance. */
export type Tone = 'good' | 'changed' | 'bad' | 'soft';

/** A task or handler of a host, and its result, or what it would do. */
export interface ReportStep {
  readonly sign: '+' | '~' | '-' | '!' | '?' | '→' | '✗' | '·';
  readonly tone: Tone;
  /** `file /etc/motd`. */
  readonly name: string;
  /** `created` or `to create`: the meaning of the sign. */
  readonly verb: string;
  /** Its duration. */
  readonly seconds?: number | undefined;
  /** What differs. */
  readonly lines: readonly StyledText[];
  /** Shell text. */
  readonly commands: readonly string[];
  /** Its output. */
  readonly output: readonly StyledText[];
}

/** The steps of a play on a host. */
export interface PlayPart {
  readonly play: string;
  /** Its batches of hosts. */
  readonly note?: string | undefined;
  readonly steps: readonly ReportStep[];
}

/** A host with everything that the page shows of it. */
export interface HostPart {
  readonly host: string;
  readonly tone: Tone;
  /** The result in a word. */
  readonly status: string;
  /** `7 changed, 1 handler`. */
  readonly story: string;
  readonly plays: readonly PlayPart[];
  /** Tasks that were skipped, each with the reason. */
  readonly skipped: readonly string[];
  /** Further notes. */
  readonly notes: readonly string[];
}
