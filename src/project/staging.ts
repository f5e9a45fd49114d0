import {copyFileSync, existsSync, mkdirSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {readIfThere} from '../local/read-file.js';
import {digestOf} from './answers.js';

/** The directory of the project that exists only while files are put in place. */
const STAGE = '.infra-init';

/** Where a staged file is until it is put in place, and where a copy of the file that it replaces is. */
export const stagedFile = (root: string, index: number) => join(root, STAGE, `new-${index}`);
export const formerFile = (root: string, index: number) => join(root, STAGE, `old-${index}`);

/** What is about to happen to the files: written when all are staged, removed when all are in place. */
export const journalFile = (root: string) => join(root, STAGE, 'journal.json');

export interface WriteJournal {
  /** Absolute paths, in the order of the staged files. `digest`: of the new text. */
  readonly files: readonly {readonly file: string; readonly existed: boolean; readonly digest: string}[];
  /** Directories that are created for them, outer ones first. */
  readonly directories: readonly string[];
}

export function beginStage(root: string): void {
  mkdirSync(join(root, STAGE), {mode: 0o700});
}

export function endStage(root: string): void {
  rmSync(join(root, STAGE), {recursive: true, force: true});
}

/**
 * Undoes what a `writeProject` did that was killed before its end. Files that were edited since then stay. Does nothing
 * where there is nothing to undo.
 */
export function restoreProject(root: string): void {
  if (!existsSync(join(root, STAGE))) return;
  const journal = readIfThere(journalFile(root));
  if (journal !== undefined) restore(root, parseJournal(journal));
  endStage(root);
}

/** Each step can be repeated, in case this is interrupted too. */
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
    // It was never created, or it is not empty.
  }
}

/** A journal is written whole or not at all, so an existing one can be parsed. */
function parseJournal(text: string): WriteJournal {
  return JSON.parse(text) as WriteJournal; // as `writeProject` has written it
}

/** Directories that are missing above a file, outer ones first. */
export function missingDirectories(file: string): string[] {
  const directory = dirname(file);
  return existsSync(directory) || directory === file ? [] : [...missingDirectories(directory), directory];
}
