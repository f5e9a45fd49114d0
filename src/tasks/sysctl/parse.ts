import {posix} from 'node:path';
import {Unknown, UnreadableReply} from '../../model/index.js';
import type {Reply} from '../../shell/index.js';
import {spaced, sysctlPath} from './key.js';
import {FOLDERS} from './probe.js';

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
  const [, access, live = '', lines = ''] = /^(writable|readonly)\n(.*?)^# files\n(.*)$/ms.exec(stdout) ?? [];
  if (code !== 0 || access === undefined) throw new UnreadableReply(stderr.trim() || stdout.trim());
  const last = settingsIn(lines, name).at(-1);
  return {live: spaced(live), writable: access === 'writable', persistent: last?.value, source: last?.file};
}

/** The values that `FILE:KEY = VALUE` lines give a setting, in the order they take effect: by name of the file, hidden files left out. */
export function settingsIn(lines: string, name: string): {file: string; value: string}[] {
  const found = lines.split('\n').flatMap((line) => {
    const [, file = '', key = '', value = ''] = /^(.+?\.conf):\s*-?([^=]*?)\s*=(.*)$/.exec(line) ?? [];
    return key !== '' && sysctlPath(key) === sysctlPath(name) ? [{file, value: spaced(value)}] : [];
  });
  const order = (file: string) => FOLDERS.indexOf(posix.dirname(file));
  const isHidden = (file: string) =>
    found.some((other) => posix.basename(other.file) === posix.basename(file) && order(other.file) < order(file));
  const read = found.filter(({file}) => !isHidden(file));
  return read.sort((a, b) =>
    posix.basename(a.file) < posix.basename(b.file) ? -1 : Number(posix.basename(a.file) > posix.basename(b.file)),
  );
}
