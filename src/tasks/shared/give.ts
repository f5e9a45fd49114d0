import type {Content} from '../../model/index.js';
import {
  CLEAN,
  type Command,
  giveUp,
  HOLD,
  inDirectoryOf,
  join,
  MAKE,
  NEW,
  OLD,
  raw,
  SETTLE,
  sh,
  showAs,
} from '../../shell/index.js';
import {giveOwnership, type Ownership} from './ownership.js';

/**
 * Gives a file another owner or mode. The file itself where nobody else may change its directory; elsewhere somebody
 * may have it open, or have put another in its place, so a copy that has the desired content takes its place.
 */
export function giveFile(path: string, {sha256}: Content, to: Ownership, known?: string): Command | undefined {
  const copy = [
    sh`cat <&8 >&7`,
    sh`[ "$(sha256sum <${NEW})" = ${`${sha256}  -`} ]`,
    adopt(to, known),
    giveOwnership(NEW, to),
    SETTLE,
  ].filter((step) => step instanceof Object);
  return give(
    path,
    to,
    known,
    sh`${CLEAN}
${MAKE}
${join(copy)} || ${changed(path)}`,
  );
}

/**
 * Gives a file or directory of unknown content another owner or mode. In a directory that others may change, a file
 * must belong to the directory's owner, or be ours and keep its owner: what others could have put there is not given
 * away.
 */
export function giveInPlace(path: string, to: Ownership, known?: string): Command | undefined {
  const hands = to.owner !== undefined || to.group !== undefined;
  const rights = giveOwnership(OLD, to, known, OURS_ONLY) ?? sh`:`;
  const foreign = `${path} lies in a directory that others may change, and does not belong to the owner of the directory`;
  return give(
    path,
    to,
    known,
    sh`[ "$hu" = "$hd" ]${raw(hands ? ' && [ ! -O /proc/self/fd/8 ]' : ' || [ -O /proc/self/fd/8 ]')} || ${giveUp(foreign)}
${rights}`,
  );
}

/**
 * Takes over what the old file has; not the mode when a narrower one may follow, so that nothing is readable in the
 * meantime. The access list and the special bits of a file that others could have put there are their choice: they are
 * left out.
 */
export function adopt(to: Ownership, known: string | undefined): Command | undefined {
  if (known === undefined) return undefined;
  if (to.mode !== undefined) return sh`cp --attributes-only --preserve=ownership -- ${OLD} ${NEW}`;
  return sh`if ${OURS_ONLY}; then cp --attributes-only --preserve=mode,ownership -- ${OLD} ${NEW}
else cp --attributes-only --preserve=ownership -- ${OLD} ${NEW} && chmod -- "$hm" ${NEW} && chmod -- a-s,-t ${NEW}; fi`;
}

/** The special bits of a file that others could have put there are their choice: they are not carried over. */
export const OURS_ONLY = raw('[ "$own" ]');

/** Fails because the path no longer holds what was read there. */
export const changed = (path: string): Command => giveUp(`${path} was changed in the meantime`);

function give(path: string, to: Ownership, known: string | undefined, elsewhere: Command): Command | undefined {
  const inPlace = giveOwnership(OLD, to, known);
  if (inPlace === undefined) return undefined;
  const text = sh`${HOLD}
hold || ${changed(path)}
if [ "$own" ]; then ${inPlace}
else ${elsewhere}
fi`;
  return showAs(String(giveOwnership(sh`${path}`, to, known)), inDirectoryOf(path, text));
}
