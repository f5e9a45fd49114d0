import {copyFileSync, existsSync, mkdirSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {readIfThere} from '../local/read-file.js';
import {digestOf} from './answers.js';

/** Directory of the project that is there only while files are put in their places. */
const STAGE = '.infra-init';

/** Where a staged file lies until it is put in its place, and a copy of the one that it replaces. */
export const stagedFile = (root: string, index: number) => join(root, STAGE, `new-${index}`);
export const formerFile = (root: string, index: number) => join(root, STAGE, `old-${index}`);

/** What is about to happen to the files: written when all is staged, removed when all is in place. */
export const journalFile = (root: string) => join(root, STAGE, 'journal.json');

export interface WriteJournal {
  /** Absolute paths, in the order of their staged files. `digest`: of the text that is put there. */
  readonly files: readonly {readonly file: string; readonly existed: boolean; readonly digest: string}[];
  /** Directories that are made for them, outer ones first. */
  readonly directories: readonly string[];
}

export function beginStage(root: string): void {
  mkdirSync(join(root, STAGE), {mode: 0o700});
}

export function endStage(root: string): void {
  rmSync(join(root, STAGE), {recursive: true, force: true});
}

/**
 * Undoes what a `writeProject` has done that ended before it was through. What somebody has edited since then stays.
 * Nothing to do, and nothing done, where none did.
 */
export function restoreProject(root: string): void {
  if (!existsSync(join(root, STAGE))) return;
  const journal = readIfThere(journalFile(root));
  if (journal !== undefined) restore(root, parseJournal(journal));
  endStage(root);
}

/** Each step can be repeated, should this be interrupted too. */
function restore(root: string, {files, directories}: WriteJournal): void {
  for (const [index, {file, existed, digest}] of files.entries()) {
    const text = readIfThere(file);
    if (text === undefined || digestOf(text) !== digest) continue;
    if (existed) putBack(root, index, file);
    else rmSync(file);
  }
  for (const directory of [...directories].reverse()) removeEmpty(directory);
}

function putBack(root: string, index: number, file: string): void {
  const copy = `${formerFile(root, index)}.back`;
  copyFileSync(formerFile(root, index), copy);
  renameSync(copy, file);
}

export function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // It never came to be, or somebody has put something in it.
  }
}

/** A journal appears whole or not at all, so one that is there can be read. */
function parseJournal(text: string): WriteJournal {
  return JSON.parse(text) as WriteJournal; // as `writeProject` has written it
}

/** Directories that are missing above a file, outer ones first. */
export function missingDirectories(file: string): string[] {
  const directory = dirname(file);
  return existsSync(directory) || directory === file ? [] : [...missingDirectories(directory), directory];
}
