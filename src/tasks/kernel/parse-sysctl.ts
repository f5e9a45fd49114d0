import {posix} from 'node:path';
import {Unknown, UnreadableReply} from '../../model/index.js';
import type {Reply} from '../../shell/index.js';
import {DIRECTORIES} from './probe-sysctl.js';
import {spaced, sysctlPath} from './sysctl-key.js';

/** A kernel setting on the host. */
export interface SysctlState {
  readonly live: string;
  readonly writable: boolean;
  /** Undefined when no file sets it. */
  readonly persistent: string | undefined;
  /** The file that has the last word. */
  readonly source: string | undefined;
}

/** Parses what `probeSysctl` prints. Throws `UnreadableReply` when the kernel does not tell the value. */
export function parseSysctl({stdout, stderr, code}: Reply, name: string): SysctlState | Unknown {
  if (stdout === 'missing\n') return new Unknown(`the kernel has no ${name}; a module may have to be loaded first`);
  const [, access, live = '', lines = ''] = /^(writable|readonly)\n(?:(.*?)\n)?# files\n(.*)$/s.exec(stdout) ?? [];
  if (code !== 0 || access === undefined) throw new UnreadableReply(stderr.trim() || stdout.trim());
  const last = settingsIn(lines, name).at(-1);
  return {live: spaced(live), writable: access === 'writable', persistent: last?.value, source: last?.file};
}

/**
 * The values that `FILE:KEY = VALUE` lines give a setting, in the order they take effect: by name of the file, hidden
 * files left out.
 */
export function settingsIn(lines: string, name: string): {file: string; value: string}[] {
  const found = lines.split('\n').flatMap((line) => {
    const {file, key, value} = settingOf(line);
    return key !== '' && sysctlPath(key) === sysctlPath(name) ? [{file, value: spaced(value)}] : [];
  });
  const order = (file: string) => DIRECTORIES.indexOf(posix.dirname(file));
  const first = new Map<string, number>();
  for (const {file} of found) {
    const base = posix.basename(file);
    first.set(base, Math.min(first.get(base) ?? DIRECTORIES.length, order(file)));
  }
  const read = found.filter(({file}) => first.get(posix.basename(file)) === order(file));
  return read.sort((a, b) =>
    posix.basename(a.file) < posix.basename(b.file) ? -1 : Number(posix.basename(a.file) > posix.basename(b.file)),
  );
}

/** Of `FILE.conf:KEY = VALUE`; a `-` before the key means that a failure to set it does not matter. */
function settingOf(line: string): {file: string; key: string; value: string} {
  const end = line.indexOf('.conf:') + '.conf'.length;
  const equals = line.indexOf('=', end);
  if (end <= '.conf'.length || equals < 0) return {file: '', key: '', value: ''};
  const key = line
    .slice(end + 1, equals)
    .trim()
    .replace(/^-/, '');
  return {file: line.slice(0, end), key, value: line.slice(equals + 1)};
}
