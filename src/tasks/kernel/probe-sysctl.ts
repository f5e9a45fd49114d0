import {type Command, join, raw, sh} from '../../shell/index.js';
import {sysctlPath} from './sysctl-key.js';

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

/** Shell condition: nobody may write the setting `$p`. Where infra is not root, whether root may is not to be told. */
export const LOCKED = raw('{ [ ! -w "$p" ] && [ "$(id -u)" = 0 ]; }');

/** Ends a probe where a file that is read at boot may not be read here: what it sets cannot be told. */
export const refuseClosed: Command = sh`for x in ${join(
  DIRECTORIES.map((directory) => sh`${directory}/*.conf`),
  ' ',
)}; do
[ ! -e "$x" ] || [ -r "$x" ] || exec cat -- "$x" >/dev/null; done`;
