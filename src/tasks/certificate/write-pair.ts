import type {Content} from '../../model/index.js';
import {CLEAN, type Command, giveUp, inDirectoryOf, NEW, quote, raw, sh, showAs} from '../../shell/index.js';
import {giveOwnership, type Ownership} from '../shared/ownership.js';
import {stage} from '../shared/write.js';

/** A file that takes its place together with another. */
interface Part {
  readonly path: string;
  readonly content: Content;
  readonly to: Ownership;
}

/**
 * Puts two files in place that belong together: both are written whole next to their places, readable for their owner
 * alone, flushed to disk, and then renamed one right after the other. When anything fails before that, nothing has
 * changed; when the second cannot take its place, the first is put back. Signals wait in the meantime. Only a power cut
 * between the two renames can leave them apart. Their directories must exist; that of the first stays open as 5.
 */
export function writePair(first: Part, second: Part): Command {
  return showAs(
    `write ${quote(first.path)} and ${quote(second.path)}`,
    inDirectoryOf(
      first.path,
      sh`${CLEAN}
exec 5<.; a=/proc/self/fd/5; one=$a/$n
f=${second.path}; ${raw(`n=\${f##*/} d=\${f%/*}; walk "\${d:-/}"`)}; exec 6<.
${CLEAN}
cd -P $a || exit
${stagePart(first)}
also=$a/$t; cd -P /proc/self/fd/6 || exit
${stagePart(second)}
trap '' HUP INT PIPE TERM
read -r i </proc/sys/kernel/random/uuid; old=$a/.infra-$i
[ ! -e "$one" ] || ln -P -- "$one" "$old" || exit
mv -fT -- "$also" "$one" || { rm -f -- "$old"; exit 1; }
also=$old
mv -fT -- "$t" "./$n" && exit
if [ -e "$old" ]; then mv -fT -- "$old" "$one"; else rm -f -- "$one"; fi
exit 1`,
    ),
  );
}

function stagePart({path, content, to}: Part): Command {
  return sh`${stage(path, content)}
{ ${giveOwnership(NEW, to) ?? sh`:`}; } && sync -d -- ${NEW} || ${giveUp(`${path} is unchanged`)}`;
}
