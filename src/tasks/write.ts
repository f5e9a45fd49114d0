import {createHmac, randomBytes} from 'node:crypto';
import {posix} from 'node:path';
import type {Content} from '../model/index.js';
import {type Command, join, quote, raw, sh, showAs} from '../shell/index.js';
import {giveOwnership, type Ownership} from './ownership.js';

/** A file to be put in place as a whole. */
export interface WriteRequest {
  /** Absolute, or relative to the working directory with a leading `./`. */
  readonly path: string;
  /** With its bytes. */
  readonly content: Content;
  /** What the new file gets; with `keep`, only what differs from the old one. */
  readonly to: Ownership;
  /** A file is there: mode, owner and access list are taken from it where `to` does not say otherwise. */
  readonly keep?: {readonly mode: string} | undefined;
  /** Must succeed on the new file, beside the target, before it takes its place. */
  readonly validate?: ((path: string) => Command) | undefined;
  /** SHA-256 that the file must still have: it is refused to undo what somebody else wrote meanwhile. */
  readonly unlessChanged?: string | undefined;
}

/**
 * Writes a file so that at any moment the whole old one or the whole new one is there: a temporary file beside the
 * target that only its owner may read, filled through standard input, given owner and mode, validated, flushed to disk
 * and renamed. When a step fails, the disk is full or the shell is told to stop, the temporary file is removed and the
 * target is as it was; one that a host left behind when its power was cut is removed here. A symbolic link at the path is replaced, a directory is refused.
 */
export function writeFile({path, content, to, keep, validate, unlessChanged}: WriteRequest): Command {
  const folder = posix.dirname(path);
  const prefix = `${folder === '/' ? '' : folder}/.infra-`;
  const temporary = `${prefix}${token(path, content)}`;
  const steps = [
    adopt(to, keep),
    giveOwnership(TEMPORARY, to, to.mode ?? keep?.mode),
    validate && sh`{ (${validate(temporary)}) || ${say(`${path} is unchanged: the new content was found invalid`)}; }`,
    raw('sync -d -- "$t"'),
    unlessChanged &&
      sh`{ [ "$(sha256sum <"$f")" = ${`${unlessChanged}  -`} ] || ${say(`${path} was changed meanwhile`)}; }`,
    raw('mv -fT -- "$t" "$f"'),
    raw('trap - EXIT'),
  ].filter((step) => step instanceof Object);
  return showAs(
    summary(path, validate),
    sh`(f=${path}; t=${temporary}; umask 077
rm -f -- ${prefix}${raw(ANY_TOKEN)} 2>/dev/null
[ -d ${folder} ] || ${say(`the folder ${folder} does not exist`)}
trap 'rm -f -- "$t"' EXIT; trap 'exit 143' HUP INT PIPE TERM; set -C
cat <${{upload: content.upload()}} >"$t" || exit
[ "$(stat -c %s -- "$t")" = ${content.size} ] || ${say(`${path} is unchanged: the new content arrived cut short`)}
set +C
${join(steps)})`,
  );
}

/** What people see: the path, and what checks the new content there. */
function summary(path: string, validate: WriteRequest['validate']): string {
  const checked = validate ? `, checked by ${validate(path)}` : '';
  return `write ${quote(path)}${checked}`;
}

const TEMPORARY = raw('"$t"');

/** Takes over what the old file has; not the mode when a narrower one may follow, so that nothing is readable meanwhile. */
function adopt(to: Ownership, keep: WriteRequest['keep']): Command | undefined {
  if (keep === undefined) return undefined;
  const kept = to.mode === undefined ? 'mode,ownership' : 'ownership';
  return sh`cp --attributes-only --preserve=${kept} -- "$f" "$t"`;
}

/** Says why on standard error and gives up. */
const say = (reason: string) => sh`{ echo ${reason} >&2; exit 1; }`;

/** Part of a file name that nobody on the host can foresee; the same for the same request, so that a plan is stable. */
function token(path: string, {sha256}: Content): string {
  return createHmac('sha256', KEY).update(`${path}\0${sha256}`).digest('hex').slice(0, 16);
}

const ANY_TOKEN = '?'.repeat(16);

const KEY = randomBytes(32);
