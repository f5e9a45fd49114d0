import {posix} from 'node:path';
import {type Command, quote, Secret, sh, showAs, uploadOf} from '../../shell/index.js';
import {giveOwnership, type Ownership} from '../ownership.js';

/** A file that takes its place together with another. */
export interface Part {
  readonly path: string;
  readonly text: string | Secret;
  readonly to: Ownership;
}

/**
 * Puts two files in place that belong together: both are written whole beside their places, readable for their owner
 * alone, flushed to disk, and then renamed one right after the other. When anything fails before that, nothing has
 * changed; when the second cannot take its place, the first is put back. Signals wait meanwhile. Only a power cut between
 * the two renames can leave them apart. Their folders must exist.
 */
export function writePair(first: Part, second: Part): Command {
  const [one, two] = [temporaryOf(first), temporaryOf(second)];
  const old = `${one}.old`;
  const all = [one, two, old];
  return showAs(
    `write ${quote(first.path)} and ${quote(second.path)}`,
    sh`(umask 077; set -C
trap ${`rm -f -- ${all.map(quote).join(' ')}`} EXIT; trap 'exit 143' HUP INT PIPE TERM
rm -f -- ${all} || exit
${stage(first, one)}
${stage(second, two)}
sync -d -- ${[one, two]} || exit
trap '' HUP INT PIPE TERM
[ ! -e ${first.path} ] || ln -- ${first.path} ${old} || exit
mv -fT -- ${one} ${first.path} || exit
mv -fT -- ${two} ${second.path} && exit
if [ -e ${old} ]; then mv -fT -- ${old} ${first.path}; else rm -f -- ${first.path}; fi
exit 1)`,
  );
}

function stage({path, text, to}: Part, temporary: string): Command {
  const bytes = Buffer.from(text instanceof Secret ? text.reveal() : text);
  const cutShort = `${path} is unchanged: the new content arrived cut short`;
  return sh`cat <${{upload: uploadOf(bytes)}} >${temporary} || exit
[ "$(stat -c %s -- ${temporary})" = ${bytes.length} ] || { echo ${cutShort} >&2; exit 1; }
{ ${giveOwnership(sh`${temporary}`, to, to.mode) ?? sh`:`}; } || exit`;
}

const temporaryOf = ({path}: Part) => `${posix.dirname(path)}/.infra-certificate-${posix.basename(path)}`;
