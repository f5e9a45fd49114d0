import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {InputError} from '../model/index.js';
import type {RunHead, RunRecord, RunTail, TimedEvent} from './format.js';

/** File names of the records in a folder, the newest first; none when there is no such folder. */
export function recordNames(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^\d{8}-\d{6}-[a-z0-9]+\.(json|ndjson)$/.test(name));
    return names.sort().reverse();
  } catch {
    return [];
  }
}

/** All runs on record, the newest first. What cannot be read is left out. */
export function loadRecords(folder: string): RunRecord[] {
  return recordNames(folder).flatMap((name) => parse(path.join(folder, name)) ?? []);
}

/** The run of this name, or whose name ends so; without a name the newest. Throws `InputError`. */
export function loadRecord(folder: string, name: string | undefined): RunRecord {
  const names = recordNames(folder);
  const [newest] = names;
  if (newest === undefined)
    throw refusal(`there are no runs on record in ${folder}`, 'A run is recorded by: infra apply');
  const found = name === undefined ? [newest] : names.filter((each) => path.parse(each).name.endsWith(name));
  const [file, second] = found;
  if (file === undefined) throw refusal(`no run on record is named "${name}"`, 'Look at: infra runs');
  if (second !== undefined)
    throw refusal(`several runs are named "${name}"`, 'Give the whole name. Look at: infra runs');
  const record = parse(path.join(folder, file));
  if (!record) throw refusal(`${path.join(folder, file)} is damaged`, 'Look at another run: infra runs');
  return record;
}

function parse(file: string): RunRecord | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.ndjson') ? parseJournal(text) : parseRecord(text);
  } catch {
    return undefined;
  }
}

/** The last line of a run that was killed may be cut. */
function parseJournal(text: string): RunRecord | undefined {
  const lines = text.split('\n').slice(0, -1);
  // Only `openJournal` makes these files, in a folder that nobody else may write.
  const [head, ...events] = lines.map((line) => JSON.parse(line) as unknown);
  return isHead(head) ? {head, events: events as TimedEvent[]} : undefined;
}

function parseRecord(text: string): RunRecord | undefined {
  // As above.
  const {events, ended, exitCode, outcome, results, ...head} = JSON.parse(text) as RunHead & RunTail & RunRecord;
  return isHead(head) ? {head, tail: {ended, exitCode, outcome, results}, events} : undefined;
}

function isHead(value: unknown): value is RunHead {
  return value instanceof Object && 'format' in value && value.format === 'infra-run';
}

const refusal = (message: string, hint: string) => new InputError([{message, hint}]);
