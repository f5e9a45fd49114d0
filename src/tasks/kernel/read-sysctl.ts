import {posix} from 'node:path';
import {check, Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, join, type Reply, raw, sh} from '../../shell/index.js';

/**
 * The directories that systemd-sysctl reads; a file in an earlier one hides its namesakes in later ones (sysctl.d(5)).
 */
export const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/** Prints whether the setting can be written, its value, and every line of the files read at boot that may set it. */
export function probeSysctl(name: string): Command {
  const path = sysctlPath(name);
  const key = path.slice('/proc/sys/'.length).replace(/[./]/g, '[./]');
  // A directory without such files leaves its pattern as it is, a name that grep -s does not find.
  const files = DIRECTORIES.map((directory) => sh`${directory}/*.conf`);
  return sh`p=${path}; [ -e "$p" ] || { echo missing; exit 0; }
if ${LOCKED}; then echo readonly; else echo writable; fi
cat "$p" || exit
${refuseClosed}
echo '# files'; grep -sHE ${`^[[:space:]]*-?${key}[[:space:]]*=`} ${join(files, ' ')}; exit 0`;
}

/** Shell condition: no user may write the setting `$p`. Where infra is not root, it cannot see whether root may. */
export const LOCKED = raw('{ [ ! -w "$p" ] && [ "$(id -u)" = 0 ]; }');

/** Ends a probe where a file that is read at boot may not be read here: what it sets is unknown. */
export const refuseClosed: Command = sh`for x in ${join(
  DIRECTORIES.map((directory) => sh`${directory}/*.conf`),
  ' ',
)}; do
[ ! -e "$x" ] || [ -r "$x" ] || exec cat -- "$x" >/dev/null; done`;

/** A kernel setting on the host. */
export interface SysctlState {
  readonly live: string;
  readonly writable: boolean;
  /** Undefined when no file sets it. */
  readonly persistent: string | undefined;
  /** The file that has the last word. */
  readonly source: string | undefined;
}

/** Parses what `probeSysctl` prints. Throws `UnreadableReply` when the kernel does not give the value. */
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

/**
 * Where the kernel has a setting. After sysctl.d(5): when the first separator is a dot, dots separate and a slash
 * stands for a dot; when it is a slash, the name is a path as it is.
 */
export function sysctlPath(name: string): string {
  const isPath = /[./]/.exec(name)?.[0] === '/';
  const swapped = name.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
  return `/proc/sys/${isPath ? name : swapped}`;
}

/** White space as one blank: the kernel separates several numbers by tabs. */
export function spaced(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

/** What the value of a setting must be. */
export const sysctlValue = check.either(check.text, check.number('a number', Number.isFinite));
