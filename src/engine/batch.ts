import type {Entry} from './host-run.js';

/** What one script does: changes, then probes of everything after them when those may have been affected. */
export interface Batch {
  readonly changes: readonly Entry[];
  /** Entries to look at again before going on. Empty when the batch is the last one. */
  readonly rest: readonly Entry[];
}

/**
 * The longest run of entries that can be changed without asking the host again: up to and with the first change that
 * may affect others, and never past an entry that is not known yet.
 */
export function nextBatch(entries: readonly Entry[]): Batch {
  const unknown = entries.findIndex(({verdict}) => verdict.type === 'unknown');
  const affecting = entries.findIndex(({open, verdict}) => verdict.type === 'change' && open.task.affectsOthers);
  const ends = [unknown, affecting < 0 ? -1 : affecting + 1].filter((end) => end >= 0);
  const end = Math.min(entries.length, ...ends);
  return {
    changes: entries.slice(0, end).filter(({verdict}) => verdict.type === 'change'),
    rest: entries.slice(end),
  };
}
