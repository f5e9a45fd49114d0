import {type Command, join, raw, sh} from './command.js';

/*
 * A path is only a name: a user who may write to a directory on the way can make it lead elsewhere at any moment. So a
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
 * only where no other user can change the way, except what lies at its end.
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
export function inDirectoryOf(path: string | Command, body: Command, missing = IS_MISSING): Command {
  return sh`(umask 077; f=${path}; ${raw(`n=\${f##*/} d=\${f%/*}; d=\${d:-/}`)}
${WALK}
[ -d "$d" ] || ${missing}
walk "$d"
${body})`;
}

/*
 * Shell text for the working directory that `inDirectoryOf` makes: the old file is opened as 8 and the new one as 7, and what
 * is read, given or flushed concerns these open files. Their names may mean something else at any moment.
 */

/** The old file, open. */
export const OLD = raw('/proc/self/fd/8');

/** The new file, open. */
export const NEW = raw('/proc/self/fd/7');

/**
 * Opens `./$n` as 8; fails when it is not a regular file. `$own` is then set where no other user can change what the
 * name means. Elsewhere the file is linked into a directory of ours first, where it can be judged before it is opened:
 * so no link is followed, no pipe waited for, and a file with further names is refused. That directory has mode 700, or
 * 2700 in a set-group-ID directory. `$hu` is the file's owner, `$hd` the directory's, `$hm` its mode.
 */
export const HOLD =
  raw(`hold() { own=; if [ ! -k . ] && ours "$PWD"; then own=1; [ -f "./$n" ] && [ ! -L "./$n" ] && exec 8<"./$n"; return; fi
o=\${PWD%/}; s=; read -r w </proc/sys/kernel/random/uuid; w=.infra-$w
mkdir -m 700 -- "./$w" && cd -P -- "./$w" && [ "$PWD" = "$o/$w" ] && [ -O . ] || exit
ln -P -- "../$n" ./o && [ -f ./o ] && [ ! -L ./o ] && [ -r ./o ] && exec 8<./o && s=$(stat -c '%a %u %h' . .. - <&8)
cd -P .. && rm -rf -- "./$w" || exit
set -- $s; hd=$5 hm=$7 hu=$8; [ "\${1#2}" = 700 ] && [ "$9" = 2 ]; }`);

/** Removes what a power cut left of new files in the working directory; once, before the first `MAKE` there. */
export const CLEAN = raw(
  'also=; for x in ./.infra-????????-*-*-*-*; do [ -O "$x" ] && [ ! -L "$x" ] && rm -rf -- "$x"; done',
);

/** Whether the new file is plainly its owner's alone: an access list shows as `+`. One process. */
const PLAIN = raw('case $(ls -ldL /proc/self/fd/7) in -rw-------[\\ .]*) ;; *) false;; esac');

/**
 * Makes a new file `$t`, open as 7, that only its owner may read and whose name cannot be foreseen; it is removed
 * unless {@link SETTLE} gives it its place, and `$also` with it. `$i` is what is random in the name. Where the
 * directory gives an access list to what is made in it, which the owner of the directory chooses, another one is made
 * where no other user can reach it, and the list is taken away before it comes to its name.
 */
export const MAKE: Command = sh`${raw(`read -r i </proc/sys/kernel/random/uuid || exit; t=./.infra-$i
trap 'rm -f -- "$t" "$also"' EXIT; trap 'exit 143' HUP INT PIPE TERM
set -C; exec 7>"$t"; set +C`)}
${PLAIN} || {
${raw(`read -r w </proc/sys/kernel/random/uuid; w=.infra-$w o=\${PWD%/}; rm -f -- "$t"
mkdir -m 700 -- "./$w" && cd -P -- "./$w" && [ "$PWD" = "$o/$w" ] && [ -O . ] && install -m 600 /dev/null "./$i" || exit
exec 7>"./$i"; mv -nT -- "./$i" "../$t" && cd -P .. && rmdir -- "./$w" || exit`)}
${PLAIN} || ${giveUp('its directory gives new files an access list, which cannot be taken away')}; }`;

/** The random part of a new file's name, in text that is made before it is known. */
export const ANY_NAME = '00000000-0000-0000-0000-000000000000';

/** Flushes the new file to disk and gives it the name `./$n`. */
export const SETTLE: Command = join([
  sh`sync -d -- ${NEW}`,
  raw('mv -fT -- "$t" "./$n"'),
  raw('trap - EXIT'),
  sh`{ [ "./$n" -ef ${NEW} ] || ${giveUp('somebody else put another file there at the same moment')}; }`,
]);
