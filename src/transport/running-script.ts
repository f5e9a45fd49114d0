import type {Failure} from '../model/index.js';
import type {FrameReader, Reply, ShellStep} from '../shell/index.js';
import {endless, silent} from './shell-failures.js';
import type {RunOptions} from './transport.js';

/** A script that runs on a host. */
export interface RunningScript {
  readonly steps: readonly ShellStep[];
  readonly options: RunOptions;
  readonly verb: 'RUN' | 'KEEP';
  /** When it began, in milliseconds. */
  readonly since: number;
  readonly reader: FrameReader;
  readonly replies: (Reply | undefined)[];
  readonly resolve: (replies: readonly (Reply | undefined)[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Why a script is given up, or undefined while it is within its limits. `since`: when it began; `heardAt`: when the host
 * last sent something; both in milliseconds.
 */
export function overdue({silence, within}: RunOptions, since: number, heardAt: number): Failure | undefined {
  const now = performance.now();
  if (silence !== undefined && now - heardAt >= silence * 1000) return silent(silence);
  return within !== undefined && now - since >= within * 1000 ? endless(within) : undefined;
}
