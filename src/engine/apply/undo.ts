import type {Restorable} from '../../model/index.js';
import {
  type Command,
  contained,
  giveUp,
  join,
  keepOld,
  OURS,
  PRIVATE_DIRECTORY,
  putBackOld,
  raw,
  sh,
} from '../../shell/index.js';
import {STATE_DIRECTORY} from '../lock/pending-handlers.js';

/*
 * What a file was before a change. Below `undo` in the connection's private directory, which ends with it, each play
 * has `old/PATH`, a copy with mode, owner and times, or `new/PATH` where there was nothing.
 */

/**
 * Keeps what a file is, once a play, before its change. Sets the shell variables `f` (the file) and `u` (its
 * directory).
 */
export function keepForUndo(file: Restorable, play: string): Command {
  return sh`{ ${locate(file)}; u=${PRIVATE_DIRECTORY}/undo/${directoryOf(play)}
[ -e "$u/old$f" ] || [ -L "$u/old$f" ] || [ -e "$u/new$f" ] || {
(umask 077; mkdir -p -- "$u/old$d" "$u/new$d") && ${keepOld(raw('"$f"'), keptIn('$u'))}; }; }`;
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
    files.map(
      (file) => sh`{ ${locate(file)}; u=${PRIVATE_DIRECTORY}/undo/${directoryOf(play)}
${putBackOld(raw('"$f"'), keptIn('$u'))}; }`,
    ),
  );
}

/** Keeps the first old version of a file that a run changes, under the path that {@link backupPath} names. */
export function keepBackup(file: Restorable, run: string): Command {
  const directory = backupPath('', run);
  const kept = {old: raw('"$b$f"'), none: raw('/dev/null')};
  return sh`{ ${locate(file)}; b=${directory}; [ -e "$b$f" ] || [ -L "$b$f" ] || [ ! -e "$f" ] || {
(umask 077; mkdir -p -- "$b$d") && ${keepOld(raw('"$f"'), kept)}; }; }`;
}

/** Where a run keeps the old version of a file. */
export const backupPath = (path: string, run: string) => `${STATE_DIRECTORY}/backup/${run}${path}`;

const keptIn = (directory: string) => ({old: raw(`"${directory}/old$f"`), none: raw(`"${directory}/new$f"`)});

/**
 * The file a change writes, and the directory it lies in. A link is followed where that is asked for and nobody else
 * could have put it.
 */
function locate({path, follow}: Restorable): Command {
  const real = sh`[ ! -L "$f" ] || [ ! -e "$f" ] || f=$(${OURS}
ours "$f" . && readlink -f -- "$f") || ${giveUp(`${path} is a link in a directory that others may change, so it is not followed`)}`;
  return sh`f=${path}; ${follow ? real : sh`:`}; ${raw(`d=\${f%/*}`)}`;
}

const directoryOf = (play: string) => encodeURIComponent(play).replaceAll('.', '%2E');
