import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {InputError} from '../model/index.js';
import {operator} from './operator.js';

/** That a saved plan was applied: when, and by whom. */
export interface Applied {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `user@machine`. */
  readonly by: string;
}

/** What this project's state folder says of a plan; undefined: it was not applied from here. */
export function findApplied(id: string): Applied | undefined {
  try {
    // Only `noteApplied` makes this file.
    return JSON.parse(readFileSync(fileOf(id), 'utf8')) as Applied;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return {at: 'an unknown day', by: 'somebody'};
  }
}

/** Notes that a plan is applied, before anything is done. Throws `InputError` when it was before. */
export function noteApplied(id: string): void {
  mkdirSync(FOLDER, {recursive: true, mode: 0o700});
  const note: Applied = {at: new Date().toISOString(), by: operator()};
  try {
    writeFileSync(fileOf(id), `${JSON.stringify(note)}\n`, {flag: 'wx', mode: 0o600});
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') refuseApplied(id);
    throw error;
  }
}

/** Throws `InputError` when a plan was applied from here. */
export function refuseApplied(id: string): void {
  const applied = findApplied(id);
  if (applied === undefined) return;
  const message = `this plan was applied on ${applied.at} by ${applied.by}; a plan is applied once`;
  throw new InputError([{message, hint: 'Make a new one: infra plan --out FILE'}]);
}

const FOLDER = path.join('.infra', 'plans');

const fileOf = (id: string) => path.join(FOLDER, `${id}.json`);
