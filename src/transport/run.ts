import type {FrameReader, Reply, ShellStep} from '../shell/index.js';
import type {RunOptions} from './connection.js';

/** A script on its way. */
export interface Run {
  readonly steps: readonly ShellStep[];
  readonly options: RunOptions;
  readonly verb: 'RUN' | 'KEEP';
  /** When it was begun, in milliseconds. */
  readonly since: number;
  readonly reader: FrameReader;
  readonly replies: (Reply | undefined)[];
  readonly resolve: (replies: readonly (Reply | undefined)[]) => void;
  readonly reject: (error: unknown) => void;
}
