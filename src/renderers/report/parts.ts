import type {StyledText} from '../../model/index.js';

/** How a thing is to be taken: as fine, as a change, as something wrong, or as nothing of note. */
export type Tone = 'good' | 'changed' | 'bad' | 'soft';

/** A task or handler of a host, and what became or would become of it. */
export interface ReportStep {
  readonly sign: '+' | '~' | '-' | '!' | '?' | '→' | '✗' | '·';
  readonly tone: Tone;
  /** `file /etc/motd`. */
  readonly name: string;
  /** What happened: `created`, `to create`. It says what the sign says. */
  readonly verb: string;
  /** How long it took. */
  readonly seconds?: number | undefined;
  /** What differs. */
  readonly lines: readonly StyledText[];
  /** Shell text. */
  readonly commands: readonly string[];
  /** What it printed. */
  readonly output: readonly StyledText[];
}

/** What a play does on a host. */
export interface PlayPart {
  readonly play: string;
  /** How it goes over its hosts. */
  readonly note?: string | undefined;
  readonly steps: readonly ReportStep[];
}

/** A host with all that is told of it. */
export interface HostPart {
  readonly host: string;
  readonly tone: Tone;
  /** How it ended, in a word. */
  readonly status: string;
  /** `7 changed, 1 handler`. */
  readonly story: string;
  readonly plays: readonly PlayPart[];
  /** Tasks that were not looked at, each with its reason. */
  readonly skipped: readonly string[];
  /** What is to be known beside that. */
  readonly notes: readonly string[];
}
