import {isUtf8} from 'node:buffer';
import {posix} from 'node:path';
import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {join, sh, showAs} from '../../shell/index.js';
import {deleteIn} from '../shared/make-directory.js';
import {refuseDelete, refusePath} from '../shared/path.js';
import {UNLESS_UNREADABLE} from '../shared/stat.js';

export interface LeftoversSpec {
  /** Absolute: the directory that keeps only what is listed. */
  readonly path: string;
  /** What stays, by paths relative to the directory. The directories that these lie in stay too. */
  readonly except: readonly string[];
}

interface LeftoversState {
  /**
   * Relative to the directory, sorted; one with a slash at the end is a directory. Nothing inside a leftover is named.
   */
  readonly names: readonly string[];
}

/**
 * Nothing in a directory but what is listed: all else is deleted, directories with everything in them. Names that begin
 * with a dot are left alone, and so is what lies on another file system; links are deleted, never followed. A missing
 * directory has no leftovers.
 *
 * @example
 * leftovers({path: '/etc/nginx/conf.d', except: ['uploads.conf']})
 */
export const leftovers = defineTask<LeftoversSpec, LeftoversState>({
  type: 'leftovers',
  options: optionsOf<LeftoversSpec>({path: check.text, except: check.list(check.text)}),
  id: ({path}) => path,
  refuse: ({path, except}) => refusePath(path) ?? refuseDelete(path) ?? refuseExcept(except),
  probe: ({path}) => sh`f=${`${path}/.`}; [ -e "$f" ] || { ${UNLESS_UNREADABLE}; exit 0; }
cd -- "$f" || exit
find . -xdev -mindepth 1 -name '.*' -prune -o -type d -printf '%P/\0' -o -printf '%P\0' | base64 -w0`,
  parse: ({code, stdout, stderr}, {except}) => {
    if (code !== 0) throw new UnreadableReply(stderr.trim() || `the probe ended with code ${code}`);
    const names = leftIn(namesOf(stdout), except);
    return names.length > 0 ? {names} : null;
  },
  desire: () => null,
  change: ({path}, _to, present) =>
    slices(present?.names ?? []).map((names) => {
      const paths = names.map((name) => `${path}/${name.replace(/\/$/, '')}`);
      const directories = [...new Set(paths.map((each) => posix.dirname(each)))];
      const commands = directories.map((directory) => {
        const inside = paths.filter((each) => posix.dirname(each) === directory);
        return deleteIn(
          directory,
          inside.map((each) => posix.basename(each)),
        );
      });
      return showAs(String(sh`rm -rf --one-file-system -- ${paths}`), join(commands));
    }),
  affects: ({path}) => [path],
});

function refuseExcept(except: readonly string[]): string | undefined {
  const wrong = except.find((name) => name.startsWith('/') || posix.normalize(name) !== name || name.startsWith('..'));
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} must be a plain path inside the directory`;
}

function namesOf(base64: string): string[] {
  const bytes = Buffer.from(base64, 'base64');
  if (!isUtf8(bytes))
    throw new UnreadableReply('the directory holds a name that is not UTF-8; rename or delete it first');
  return bytes.toString().split('\0').slice(0, -1);
}

/** What is not to stay, without what lies inside such a directory, which goes with it. */
function leftIn(names: readonly string[], except: readonly string[]): string[] {
  const kept = new Set(['.', ...except.flatMap(withDirectories)]);
  const left = names.filter((name) => !kept.has(name.replace(/\/$/, '')));
  return left.filter((name) => kept.has(posix.dirname(name))).sort();
}

/** `a/b/c` and `a/b`, `a`, `.`. */
function withDirectories(name: string): string[] {
  return name === '.' ? [name] : [name, ...withDirectories(posix.dirname(name))];
}

/** An argument list has a limit (execve(2): a quarter of the stack at most, 2 MiB). */
function slices(names: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(names.length / MOST_ARGUMENTS);
  return Array.from({length: count}, (_, index) => names.slice(index * MOST_ARGUMENTS, (index + 1) * MOST_ARGUMENTS));
}

const MOST_ARGUMENTS = 200;
