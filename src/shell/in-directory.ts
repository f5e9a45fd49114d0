import {type Command, raw, sh} from './command.js';

/*
 * A path is only a name: whoever may write to a directory on the way can let it lead elsewhere at any moment. So a
 * change makes the directory its working directory, and compares where it has arrived with where the path says it
 * should be. From there on it uses names in this directory (`./NAME`) only.
 */

/** Ends the subshell with a reason on standard error. */
export const giveUp = (reason: string): Command => sh`{ printf '%s\n' ${reason} >&2; exit 1; }`;

/**
 * The shell function `ours PATH`: whether only root and the user that runs this can change where the path leads. Each
 * directory and link on the way, behind links too, is theirs and others may not write to it; in a sticky directory,
 * what comes next is theirs. `ours PATH .` leaves out what lies at the end of the path. One process.
 */
export const OURS = raw(`ours() { [ -O / ] && me=root || me=$(id -un 2>/dev/null)
namei -mo -- "$1" | { p=; while IFS=' ' read -r a o x; do case $a in [bcdlps-]?????????) case $o in root|"$me") o=1;; *) o=0;; esac
case $p$o in [01]|d????-??-?1?|l?????????1?|d????????[tT]11) p=$a$o;; *) exit 1;; esac;; esac; done
case $p$2 in d????-??-?1|???????????.) ;; *) exit 1;; esac; }; }`);

/**
 * The shell function `walk PATH`: makes the directory the working directory, or ends the subshell. Links are followed
 * only where nobody else can change the way, but for what lies at its end.
 */
export const WALK = sh`${OURS}
${raw(`walk() { cd -P -- "$1" || exit; [ "$PWD" = "$1" ] || { ours "$1" . && cd -P -- "$1"; } || {
echo "$1 is not followed: a link is on the way, and others may change where it leads" >&2; exit 1; }; }`)}`;

const IS_MISSING = raw(`{ printf '%s\\n' "the directory $d does not exist" >&2; exit 1; }`);

/** Runs `body` in a directory, in a subshell in which files are made for their owner alone. */
export function inDirectory(directory: string | Command, body: Command, missing = IS_MISSING): Command {
  return sh`(umask 077; d=${directory}
${WALK}
[ -d "$d" ] || ${missing}
walk "$d"
${body})`;
}

/** Runs `body` in the directory `$d` that a path lies in. There, `./$n` is what the path means. */
export function beside(path: string | Command, body: Command, missing = IS_MISSING): Command {
  return sh`(umask 077; f=${path}; ${raw(`n=\${f##*/} d=\${f%/*}; d=\${d:-/}`)}
${WALK}
[ -d "$d" ] || ${missing}
walk "$d"
${body})`;
}
