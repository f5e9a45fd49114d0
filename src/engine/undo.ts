import {randomBytes} from 'node:crypto';
import type {Restorable} from '../model/index.js';
import {type Command, contained, join, PRIVATE_FOLDER, raw, sh} from '../shell/index.js';
import {STATE_FOLDER} from './markers.js';

/*
 * What a file was before a change. Below `undo` in the connection's private folder, which ends with it, each play has `old/PATH`, a copy with mode, owner and times, or `new/PATH` where there was nothing.
 */

/** Keeps what a file is, once a play, before its change. Sets the shell variables `f` (the file) and `u` (its folder). */
export function keepForUndo(file: Restorable, play: string): Command {
  return sh`{ ${locate(file)}; u=${PRIVATE_FOLDER}/undo/${folderOf(play)}
[ -e "$u/old$f" ] || [ -L "$u/old$f" ] || [ -e "$u/new$f" ] || (umask 077; if [ -e "$f" ] || [ -L "$f" ]
then mkdir -p -- "$u/old$d" && cp -a -- "$f" "$u/old$f"; else mkdir -p -- "$u/new$d" && : >"$u/new$f"; fi); }`;
}

/** Commands that, when they fail and the file is still what it was, take back the notes made for them (`$fresh`). */
export function guardNotes(commands: Command): Command {
  return sh`${contained(commands)} || { r=$?; if [ -e "$u/new$f" ]; then [ ! -e "$f" ]; else
cmp -s -- "$u/old$f" "$f" && [ "$(stat -c %f:%u:%g -- "$u/old$f")" = "$(stat -c %f:%u:%g -- "$f")" ]; fi && rm -f -- $fresh
exit $r; }`;
}

/** Puts files back to what they were when the play began: each whole or not at all. */
export function putBack(files: readonly Restorable[], play: string): Command {
  return join(
    files.map((file) => {
      const temporary = `.infra-${randomBytes(8).toString('hex')}`;
      return sh`{ ${locate(file)}; u=${PRIVATE_FOLDER}/undo/${folderOf(play)}; t="$d"/${temporary}
if [ -e "$u/new$f" ]; then rm -f -- "$f"
else (trap 'rm -f -- "$t"' EXIT; trap 'exit 143' HUP INT PIPE TERM
cp -a -- "$u/old$f" "$t" && sync -- "$t" && mv -fT -- "$t" "$f" && trap - EXIT); fi; }`;
    }),
  );
}

/** Keeps the first old version of a file that a run changes, under the path that {@link backupPath} names. */
export function keepBackup(file: Restorable, run: string): Command {
  const folder = backupPath('', run);
  return sh`{ ${locate(file)}; b=${folder}; [ -e "$b$f" ] || [ -L "$b$f" ] || [ ! -e "$f" ] ||
(umask 077; mkdir -p -- "$b$d" && cp -a -- "$f" "$b$f"); }`;
}

/** Where a run keeps the old version of a file. */
export const backupPath = (path: string, run: string) => `${STATE_FOLDER}/backup/${run}${path}`;

/** The file a change writes, behind links where it follows them, and the folder it lies in. */
function locate({path, follow}: Restorable): Command {
  const real = follow ? sh`[ ! -e "$f" ] || f=$(readlink -f -- "$f")` : raw(':');
  return sh`f=${path}; ${real}; d=$(dirname -- "$f")`;
}

const folderOf = (play: string) => encodeURIComponent(play).replaceAll('.', '%2E');
