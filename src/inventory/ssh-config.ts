import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import {readIfPossible} from '../local/read-file.js';
import {globFiles} from './glob-files.js';
import {shellWords} from './shell-words.js';

/** A concrete name of an OpenSSH configuration, and the `HostName` in the block that names it. */
export interface SshName {
  readonly name: string;
  readonly hostName?: string | undefined;
}

/**
 * The names after `Host` that are no patterns, in the order written, each once; `Include` is followed as OpenSSH does it
 * in a user's file. A file that cannot be read has none.
 */
export function readSshNames(file: string): SshName[] {
  const names = new Map<string, SshName>();
  readInto(names, file, new Set());
  return [...names.values()];
}

function readInto(names: Map<string, SshName>, file: string, read: Set<string>): void {
  if (read.has(file)) return;
  read.add(file);
  let block: readonly string[] = [];
  for (const [keyword, values] of directivesOf(file)) {
    if (keyword === 'include') {
      for (const included of values.flatMap(filesOf)) readInto(names, included, read);
    } else if (keyword === 'host') {
      block = values.filter((each) => /^[^-*?!][^*?!]*$/.test(each));
      for (const name of block) if (!names.has(name)) names.set(name, {name});
    } else if (keyword === 'match') block = [];
    else if (keyword === 'hostname') {
      for (const name of block) if (!names.get(name)?.hostName) names.set(name, {name, hostName: values[0]});
    }
  }
}

function directivesOf(file: string): [keyword: string, values: string[]][] {
  return (readIfPossible(file) ?? '').split('\n').flatMap((line): [string, string[]][] => {
    const [, keyword, rest = ''] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    return keyword === undefined ? [] : [[keyword.toLowerCase(), valuesOf(rest)]];
  });
}

function valuesOf(rest: string): string[] {
  try {
    return shellWords(rest).map(({text}) => text);
  } catch {
    // OpenSSH refuses an open quote, and says so when it is asked about a host.
    return [];
  }
}

function filesOf(pattern: string): string[] {
  const path = pattern.startsWith('~/') ? join(homedir(), pattern.slice(2)) : pattern;
  return globFiles(resolve(homedir(), '.ssh', path));
}
