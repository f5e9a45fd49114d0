import {type Command, raw, sh} from './command.js';
import {CLEAN, giveUp, HOLD, inDirectoryOf, MAKE, NEW, OLD, SETTLE} from './in-directory.js';

/** Where an old version is kept, in a directory of this connection's user alone: shell text for words. */
export interface OldVersion {
  /** The file or link as it was, with mode, owner, times and access list. */
  readonly old: Command;
  /** An empty file instead, where no file existed. */
  readonly none: Command;
}

/** Keeps what lies at a path, a file or a link, before it is changed. */
export function keepOld(path: string | Command, {old, none}: OldVersion): Command {
  return inDirectoryOf(
    path,
    sh`${HOLD}
if [ -L "./$n" ]; then ${LINK_AT('"./$n"')} && ln -s -- "$l" ${old}
elif [ -e "./$n" ]; then hold || ${giveUp(NOT_KEPT)}
set -C; exec 7>${old} && ${COPY}
else : >${none}; fi`,
    sh`{ : >${none}; exit; }`,
  );
}

/** Puts back what {@link keepOld} kept, whole or not at all. */
export function putBackOld(path: string | Command, {old, none}: OldVersion): Command {
  return inDirectoryOf(
    path,
    sh`if [ -e ${none} ]; then rm -f -- "./$n"
elif [ -L ${old} ]; then ${LINK_AT(old.reveal())} && ln -sfT -- "$l" "./$n"
else ${CLEAN}
${MAKE}
exec 8<${old} && ${COPY} && ${SETTLE}
fi`,
  );
}

const COPY = sh`cp --preserve=all -- ${OLD} ${NEW}`;

/** Sets `l` to where a link leads, line breaks at its end included. */
const LINK_AT = (word: string) => raw(`l=$(readlink -n -- ${word} && echo .) && l=\${l%.}`);

const NOT_KEPT =
  'the existing file cannot be kept: it is not a file or link, or it has further names in a directory that others may change';
