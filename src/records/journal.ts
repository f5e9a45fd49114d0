import {appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync} from 'node:fs';
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
  const events: TimedEvent[] = [];
  const spare = new Spare();
  writeSync(descriptor, `${JSON.stringify(head)}\n`);
  return {
    note: (event) => {
      if (!spare.admits(event)) return;
      events.push(event);
      writeSync(descriptor, `${JSON.stringify(event)}\n`);
    },
    finish: (tail) => {
      closeSync(descriptor);
      replace(path.join(folder, `${head.run}.json`), `${JSON.stringify({...head, ...tail, events}, undefined, 1)}\n`);
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

function replace(file: string, text: string): void {
  const temporary = `${file}.new`;
  rmSync(temporary, {force: true});
  appendFileSync(temporary, text, {mode: 0o600, flag: 'ax'});
  renameSync(temporary, file);
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
