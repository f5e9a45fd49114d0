import {closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import {InputError, type RunEvent} from '../model/index.js';
import type {RunHead, RunTail, TimedEvent} from './format.js';
import {recordNames} from './load.js';

/** Where the runs of the project in a folder are on record. */
export const runsFolder = (root: string) => path.join(root, '.infra', 'runs');

/** Records kept; older ones are deleted when a run begins. */
const KEPT = 100;

/** Characters of one task's output that are kept. */
const OUTPUT_KEPT = 1_000_000;

/** A run being recorded. */
export interface Journal {
  /** Puts down an event, on disk before it returns, so that a run which is killed has its record too. */
  note(event: TimedEvent): void;
  /** Makes the journal the run's record. */
  finish(tail: RunTail): void;
}

/**
 * Begins the record of a run. While it goes on it is `RUN.ndjson`, the head and then an event a line; at its end
 * `RUN.json`, one object with all of it. For the owner alone, and ignored by Git. Throws `InputError` when that cannot
 * be written. Texts must be masked already.
 */
export function openJournal(root: string, head: RunHead): Journal {
  const folder = runsFolder(root);
  const file = path.join(folder, `${head.run}.ndjson`);
  const descriptor = orUnusable(folder, () => {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    writeFileSync(path.join(folder, '.gitignore'), '*\n', {mode: 0o600});
    prune(folder);
    return openSync(file, 'ax', 0o600);
  });
  const spare = new Spare();
  writeSync(descriptor, `${JSON.stringify(head)}\n`);
  return {
    note: (event) => {
      if (!spare.admits(event)) return;
      writeSync(descriptor, `${JSON.stringify(event)}\n`);
    },
    finish: (tail) => {
      closeSync(descriptor);
      const record = path.join(folder, `${head.run}.json`);
      writeRecord(`${record}.new`, {...head, ...tail}, file);
      renameSync(`${record}.new`, record);
      rmSync(file);
    },
  };
}

/** Of a task that never stops talking only the beginning is kept; its last lines stand in the failure, if it fails. */
class Spare {
  readonly #said = new Map<string, number>();

  admits(event: RunEvent): boolean {
    if (event.type !== 'output') return true;
    const key = `${event.host}\n${event.play}\n${event.task}`;
    const said = (this.#said.get(key) ?? 0) + event.text.length + 1;
    this.#said.set(key, said);
    return said <= OUTPUT_KEPT;
  }
}

/** One object: what is known of the run, and the events of its journal, which go from file to file a piece at a time. */
function writeRecord(file: string, known: object, journal: string): void {
  rmSync(file, {force: true});
  const [from, to] = [openSync(journal, 'r'), openSync(file, 'ax', 0o600)];
  writeSync(to, `${JSON.stringify(known).slice(0, -1)},"events":[`);
  let [isHead, separator] = [true, '\n'];
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (let length = readSync(from, buffer); length > 0; length = readSync(from, buffer)) {
    // The first line is the head; a line break within JSON text is never written as such.
    const start = isHead ? buffer.subarray(0, length).indexOf(10) + 1 : 0;
    if (isHead && start === 0) continue;
    isHead = false;
    for (let at = start; at < length; ) {
      const end = buffer.subarray(0, length).indexOf(10, at);
      writeSync(to, separator);
      separator = '';
      writeSync(to, buffer, at, (end < 0 ? length : end) - at);
      if (end >= 0) separator = ',\n';
      at = end < 0 ? length : end + 1;
    }
  }
  writeSync(to, '\n]}\n');
  closeSync(to);
  closeSync(from);
}

function prune(folder: string): void {
  for (const name of recordNames(folder).slice(KEPT - 1)) rmSync(path.join(folder, name), {force: true});
}

function orUnusable<T>(folder: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const hint = 'A run is not begun without a record. Mend that and apply again.';
    throw new InputError([{message: `${folder} cannot be written: ${cause.message}`, hint}]);
  }
}
