import {z} from 'zod';
import {diffCheck} from '../diff/check.js';

/*
 * The part of a record that its readers go by. Somebody may have edited the file, or copied it from another machine; fields
 * that are not named here are passed over.
 */

const time = z.iso.datetime();
const file = z.looseObject({file: z.string(), digest: z.string()});

export const headCheck = z.looseObject({
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

export const eventsCheck = z.array(
  z.looseObject({
    type: z.string(),
    host: z.string(),
    time,
    seconds: z.number().optional(),
    failure: failure.optional(),
    diff: diffs,
  }),
);

export const tailCheck = z.looseObject({
  ended: time,
  exitCode: z.int(),
  outcome: z.enum(['applied', 'no-changes', 'declined', 'stopped', 'broken-off']),
});
