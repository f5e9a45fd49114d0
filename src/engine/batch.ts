import type {Entry} from './host-run.js';

/** What one script does: changes, then probes of everything after them when those may have been affected. */
export interface Batch {
  readonly changes: readonly Entry[];
  /** Entries to look at again before going on. Empty when the batch is the last one. */
  readonly rest: readonly Entry[];
}

/**
 * The longest run of entries that can be changed without asking the host again: up to and with the first change that
 * may affect others or be made again, all on one host, and never past an entry that is not known yet, or whose subject
 * was changed just before it. A guarded change is made alone. `single`: no more than one change.
 */
export function nextBatch(entries: readonly Entry[], {single = false} = {}): Batch {
  const first = entries.find(isChange);
  const ends = [
    entries.findIndex(({verdict}) => verdict.type === 'unknown'),
    entries.findIndex((entry, index) => isChanged(entry.open.task.subject, entries.slice(0, index))),
    entries.findIndex((entry) => isChange(entry) && entry.open.task.delegateTo !== first?.open.task.delegateTo),
    afterFirst(entries, (entry) => isChange(entry) && (single || endsBatch(entry))),
    entries.findIndex((entry, index) => isGuarded(entry) && entries.slice(0, index).some(isChange)),
  ];
  const end = Math.min(entries.length, ...ends.filter((each) => each >= 0));
  return {
    changes: entries.slice(0, end).filter(isChange),
    rest: entries.slice(end),
  };
}

const isChange = ({verdict}: Entry) => verdict.type === 'change';

const endsBatch = (entry: Entry) =>
  entry.open.task.affectsOthers || entry.open.task.until !== undefined || isGuarded(entry);

const isGuarded = ({verdict}: Entry) => verdict.type === 'change' && verdict.guard !== undefined;

function isChanged(subject: string | undefined, earlier: readonly Entry[]): boolean {
  const changed = earlier.filter(isChange);
  return subject !== undefined && changed.some(({open}) => open.task.subject === subject);
}

function afterFirst(entries: readonly Entry[], matches: (entry: Entry) => boolean): number {
  const index = entries.findIndex(matches);
  return index < 0 ? -1 : index + 1;
}
