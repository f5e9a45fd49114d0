import {closeSync, openSync, readSync, renameSync, rmSync, writeSync} from 'node:fs';
import path from 'node:path';
import {privateDirectory} from '../local/write-file.js';
import {InputError, type RunEvent} from '../model/index.js';
import {recordNames} from './load.js';
import type {RunHead, RunTail, TimedEvent} from './run-record.js';

/** The directory of the records of a project. */
export const runsDirectory = (root: string) => path.join(root, '.infra', 'runs');

/** Records kept; older ones are deleted when a run begins. */
const KEPT = 100;

/** Characters of one task's output that are kept. */
const OUTPUT_KEPT = 1_000_000;

/** A run being recorded. */
export interface Journal {
  /** Writes an event to disk before it returns, so that a run which is killed has a record too. */
  note(event: TimedEvent): void;
  /** Makes the journal the run's record. */
  finish(tail: RunTail): void;
}

/**
 * Begins the record of a run. During the run it is `RUN.ndjson`, the head and then an event a line; at the end it is
 * `RUN.json`, one object with all of it. For the owner alone, and ignored by Git. Throws `InputError` when it cannot be
 * written. Texts must be masked already.
 */
export function openJournal(root: string, head: RunHead): Journal {
  const directory = runsDirectory(root);
  const file = path.join(directory, `${head.run}.ndjson`);
  const descriptor = orUnusable(directory, () => {
    privateDirectory(directory);
    prune(directory);
    return openSync(file, 'ax', 0o600);
  });
  const limit = new OutputLimit();
  const start = writeSync(descriptor, `${JSON.stringify(head)}\n`);
  return {
    note: (event) => {
      if (!limit.admits(event)) return;
      writeSync(descriptor, `${JSON.stringify(event)}\n`);
    },
    finish: (tail) => {
      closeSync(descriptor);
      const record = path.join(directory, `${head.run}.json`);
      writeRecord(`${record}.new`, {...head, ...tail}, file, start);
      renameSync(`${record}.new`, record);
      rmSync(file);
    },
  };
}

/** Keeps only the beginning of very long output of a task; if it fails, the failure has its last lines. */
class OutputLimit {
  readonly #said = new Map<string, number>();

  admits(event: RunEvent): boolean {
    if (event.type !== 'output') return true;
    const key = `${event.host}\n${event.play}\n${event.task}`;
    const said = (this.#said.get(key) ?? 0) + event.text.length + 1;
    this.#said.set(key, said);
    return said <= OUTPUT_KEPT;
  }
}

/**
 * Writes one object: what is known of the run, and the events of its journal, a line each, which go from file to file a
 * piece at a time. `position`: where they begin there.
 */
function writeRecord(file: string, known: object, journal: string, position: number): void {
  rmSync(file, {force: true});
  const [from, to] = [openSync(journal, 'r'), openSync(file, 'ax', 0o600)];
  writeSync(to, `${JSON.stringify(known).slice(0, -1)},"events":[\n`);
  const buffer = Buffer.allocUnsafe(64 * 1024);
  let text = '';
  for (let at = position; ; ) {
    const length = readSync(from, buffer, 0, buffer.length, at);
    if (length === 0) break;
    at += length;
    // One character a byte; a line break within JSON text is never written as such. The last one ends the list.
    text += buffer.toString('latin1', 0, length);
    const end = text.endsWith('\n') ? text.length - 1 : text.length;
    writeSync(to, text.slice(0, end).replaceAll('\n', ',\n'), null, 'latin1');
    text = text.slice(end);
  }
  writeSync(to, '\n]}\n');
  closeSync(to);
  closeSync(from);
}

function prune(directory: string): void {
  for (const name of recordNames(directory).slice(KEPT - 1)) rmSync(path.join(directory, name), {force: true});
}

function orUnusable<T>(directory: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const hint = 'A run needs its record. Fix this and apply again.';
    throw new InputError([{message: `${directory} cannot be written: ${cause.message}`, hint}]);
  }
}
