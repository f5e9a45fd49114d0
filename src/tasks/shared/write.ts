import {posix} from 'node:path';
import {type Content, kindOf, SpecError} from '../../model/index.js';
import {
  ANY_NAME,
  CLEAN,
  Command,
  FORGET,
  giveUp,
  HOLD,
  inDirectoryOf,
  join,
  MAKE,
  NEW,
  quote,
  raw,
  SETTLE,
  Secret,
  sh,
  showAs,
} from '../../shell/index.js';
import {adopt, changed, OURS_ONLY} from './give.js';
import {giveOwnership, type Ownership} from './ownership.js';

/** A file to be put in place as a whole. */
export interface WriteRequest {
  /** Absolute. */
  readonly path: string;
  /** With its bytes. */
  readonly content: Content;
  /** What the new file gets; with `keep`, only what differs from the old one. */
  readonly to: Ownership;
  /** A file exists: mode, owner and access list are taken from it where `to` does not say otherwise. */
  readonly keep?: {readonly mode: string} | undefined;
  /** Must succeed on the new file, next to the target, before it takes its place. */
  readonly validate?: ((path: string) => Command) | undefined;
  /** SHA-256 that the file must still have: what somebody else wrote in the meantime must not be undone. */
  readonly unlessChanged?: string | undefined;
  /** A shell condition that the old file must meet, once it is open (see `HOLD`). */
  readonly oldMust?: Command | undefined;
}

/**
 * Writes a file so that at any moment the whole old one or the whole new one is there: a temporary file next to the
 * target that only its owner may read, filled through standard input, given owner and mode, validated, flushed to disk
 * and renamed. When a step fails, the disk is full or the shell is asked to stop, the temporary file is removed and the
 * target is as it was; one that a host left behind when its power was cut is removed here. A symbolic link at the path
 * is replaced, a directory is refused. The owner of the directory, or of one above it, cannot lead it astray.
 */
export function writeFile(request: WriteRequest): Command {
  return showAs(summary(request), inDirectoryOf(request.path, writeHere(request)));
}

/** The same in the working directory, for shell text in which `$n` is the name; the old file must be `$n` too. */
export function writeHere({path, content, to, keep, validate, unlessChanged, oldMust}: WriteRequest): Command {
  const gone = changed(path);
  const holds = keep !== undefined || unlessChanged !== undefined;
  const steps = [
    unlessChanged && sh`{ [ "$(sha256sum <&8)" = ${`${unlessChanged}  -`} ] || ${gone}; }`,
    adopt(to, keep?.mode),
    giveOwnership(NEW, to, keep?.mode, OURS_ONLY),
    validate && check(path, validate),
    SETTLE,
  ].filter((step) => step instanceof Object);
  const old = sh`${HOLD}
hold${oldMust ? sh` && ${oldMust}` : sh``} || ${gone}
`;
  return sh`${CLEAN}
${holds ? old : sh``}${stage(path, content)}
${join(steps)}`;
}

/** Makes the new file of `MAKE` with its content, all of it. */
export function stage(path: string, content: Content): Command {
  return sh`${MAKE}
cat <${{upload: content.upload()}} >&7 || exit
[ "$(stat -c %s - <&7)" = ${content.size} ] || ${giveUp(`${path} is unchanged: the new content arrived incomplete`)}`;
}

/** What people see: the path, and what checks the new content there. */
function summary({path, validate}: WriteRequest): string {
  const checked = validate ? `, checked by ${validation(validate, path)}` : '';
  return `write ${quote(path)}${checked}`;
}

function validation(validate: NonNullable<WriteRequest['validate']>, path: string): Command {
  const command = validate(path);
  if (command instanceof Command) return command;
  throw new SpecError(`validate must return a command, written as sh\`…\`, not ${kindOf(command)}`);
}

/** The command gets a path that is known only on the host: the name is put into its text there, whatever its quotes. */
function check(path: string, validate: NonNullable<WriteRequest['validate']>): Command {
  const directory = posix.dirname(path);
  const text = validation(validate, `${directory === '/' ? '' : directory}/.infra-${ANY_NAME}`);
  return sh`{ z=${ANY_NAME} v=${new Secret(text.reveal())}
${raw(`while case $v in *"$z"*) ;; *) false;; esac; do v=\${v%%"$z"*}$i\${v#*"$z"}; done`)}
(eval "${raw(FORGET)}
$v") 7>&- 8>&- || ${giveUp(`${path} is unchanged: ${INVALID_CONTENT}`)}; }`;
}

/** The end of the message when the new content does not pass `validate`. */
export const INVALID_CONTENT = 'the new content is invalid';
