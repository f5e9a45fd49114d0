import path from 'node:path';
import type {Project} from '../../local/project.js';
import {readIfThere} from '../../local/read-file.js';
import {operator} from '../../local/this-machine.js';
import {createFile, privateDirectory} from '../../local/write-file.js';
import {InputError} from '../../model/index.js';

/** When a saved plan was applied, and who did it. */
export interface Applied {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `user@machine`. */
  readonly by: string;
}

/** The note about a plan in this project's state directory; undefined when it was not applied from here. */
export function findApplied(root: string, id: string): Applied | undefined {
  try {
    const text = readIfThere(fileOf(root, id));
    // Only `noteApplied` makes this file.
    return text === undefined ? undefined : (JSON.parse(text) as Applied);
  } catch {
    return UNKNOWN;
  }
}

/** Notes that a plan is applied, before anything is done. Throws `InputError` when it was applied before. */
export function noteApplied({root, now}: Project, id: string): void {
  privateDirectory(directoryIn(root));
  const note: Applied = {at: now().toISOString(), by: operator()};
  if (!createFile(fileOf(root, id), `${JSON.stringify(note)}\n`, 0o600))
    throw refusal(findApplied(root, id) ?? UNKNOWN);
}

/** Throws `InputError` when a plan was applied from here. */
export function refuseApplied(root: string, id: string): void {
  const applied = findApplied(root, id);
  if (applied !== undefined) throw refusal(applied);
}

const UNKNOWN: Applied = {at: 'an unknown day', by: 'somebody'};

function refusal({at, by}: Applied): InputError {
  const message = `this plan was applied on ${at} by ${by}; a plan is applied once`;
  return new InputError([{message, hint: 'Make a new one: infra plan --out FILE'}]);
}

const directoryIn = (root: string) => path.join(root, '.infra', 'plans');

const fileOf = (root: string, id: string) => path.join(directoryIn(root), `${id}.json`);
