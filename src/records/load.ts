import {readFileSync} from 'node:fs';
import path from 'node:path';
import {z} from 'zod';
import {diffCheck} from '../diff/check.js';
import {namesIn} from '../local/read-file.js';
import {InputError} from '../model/index.js';
import type {RunRecord} from './run-record.js';

/** File names of the records in a directory, the newest first; none when there is no such directory. */
export function recordNames(directory: string): string[] {
  const names = namesIn(directory).filter((name) => /^\d{8}-\d{6}-[a-z0-9]+\.(json|ndjson)$/.test(name));
  return names.reverse();
}

/** All recorded runs, the newest first. Records that cannot be read are left out. */
export function loadRecords(directory: string): RunRecord[] {
  return recordNames(directory).flatMap((name) => parse(path.join(directory, name)) ?? []);
}

/** The run with this name or this end of a name; without a name the newest. Throws `InputError`. */
export function loadRecord(directory: string, name: string | undefined): RunRecord {
  const names = recordNames(directory);
  const [newest] = names;
  if (newest === undefined) throw refusal(`there are no recorded runs in ${directory}`, 'Record one with: infra apply');
  const found = name === undefined ? [newest] : names.filter((each) => path.parse(each).name.endsWith(name));
  const [file, second] = found;
  if (file === undefined) throw refusal(`no recorded run is named "${name}"`, 'See the names with: infra runs');
  if (second !== undefined)
    throw refusal(`several runs are named "${name}"`, 'Give the whole name. See the names with: infra runs');
  const record = parse(path.join(directory, file));
  if (!record) throw refusal(`${path.join(directory, file)} is damaged`, 'Choose another run with: infra runs');
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
  const [head, ...events] = lines.map((line) => JSON.parse(line) as unknown);
  return checked({head, events});
}

function parseRecord(text: string): RunRecord | undefined {
  const {events, ended, exitCode, outcome, results, ...head}: Record<string, unknown> = JSON.parse(text);
  return checked({head, tail: {ended, exitCode, outcome, results}, events});
}

/** The fields that readers use are checked; the rest is as `openJournal` wrote it. */
function checked(record: {head: unknown; tail?: unknown; events: unknown}): RunRecord | undefined {
  const events = eventsCheck.safeParse(record.events);
  const isWhole =
    headCheck.safeParse(record.head).success &&
    events.success &&
    (record.tail === undefined || tailCheck.safeParse(record.tail).success);
  return isWhole ? ({...record, events: events.data} as RunRecord) : undefined;
}

const refusal = (message: string, hint: string) => new InputError([{message, hint}]);

/*
 * The part of a record that its readers use. The file may have been edited or copied from another machine; fields that
 * are not named here are ignored.
 */

const time = z.iso.datetime();
const file = z.looseObject({file: z.string(), digest: z.string()});

const headCheck = z.looseObject({
  format: z.literal('infra-run'),
  run: z.string(),
  started: time,
  operator: z.string(),
  machine: z.string(),
  process: z.int(),
  machineKey: z.string(),
  version: z.string(),
  arguments: z.array(z.string()),
  playbook: file.extend({name: z.string()}),
  inventory: file,
  options: z.record(z.string(), z.unknown()),
  resumes: z.string().optional(),
  hosts: z.array(z.string()),
});

/** Left out where it is not a list of diffs: format 1 had lines of text in their place. */
const diffs = z.array(diffCheck).optional().catch(undefined);

const failure = z.looseObject({
  reason: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  drift: z
    .array(z.looseObject({task: z.string(), changes: diffs}))
    .optional()
    .catch(undefined),
});

const eventsCheck = z.array(
  z.looseObject({
    type: z.string(),
    host: z.string(),
    time,
    seconds: z.number().optional(),
    failure: failure.optional(),
    diff: diffs,
  }),
);

const tailCheck = z.looseObject({
  ended: time,
  exitCode: z.int(),
  outcome: z.enum(['applied', 'no-changes', 'declined', 'stopped', 'broken-off']),
});
