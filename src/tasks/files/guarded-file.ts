import {check, defineTask, type Guard, optionsOf} from '../../model/index.js';
import {type Command, keepOld, putBackOld, raw, type Secret, sh} from '../../shell/index.js';
import {seconds, textOrSecret, validate} from '../shared/checks.js';
import {
  changeFile,
  type DesiredFile,
  desireFile,
  type FileState,
  parseFile,
  probeFile,
  refuseSource,
  renderedContent,
} from '../shared/content-file.js';
import {OWNERSHIP, type Ownership, refuseOwnership} from '../shared/ownership.js';
import {refusePath} from '../shared/path.js';

export interface GuardedFileSpec extends Ownership {
  /** Absolute. */
  readonly path: string;
  /** What it guards, in lower-case letters and dashes: `sshd`. */
  readonly name: string;
  /** An EJS template, as with `template`. */
  readonly source?: string | undefined;
  /** Used by name in the template, as with `template`. */
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** Instead of `source`: the text itself. */
  readonly content?: string | Secret | undefined;
  /** As with `file`. */
  readonly sensitive?: boolean | undefined;
  /** As with `file`. */
  readonly validate?: ((path: string) => Command) | undefined;
  /** Makes the file effective; it runs when the old one is put back too. */
  readonly activate: Command;
  /** Until the host puts the old file back, unless a new SSH connection could be made. Default 30. */
  readonly seconds?: number | undefined;
}

interface DesiredGuardedFile extends DesiredFile, Pick<GuardedFileSpec, 'name' | 'activate'> {
  readonly seconds: number;
}

/**
 * A file that decides whether the host can be reached, such as sshd's configuration. It is written as `file` writes and
 * made effective at once; unless a new SSH connection succeeds in time, the host puts the old file back by itself and
 * the task fails (`not-confirmed`).
 *
 * @example
 * guardedFile({
 *   path: '/etc/ssh/sshd_config.d/10-own.conf',
 *   name: 'sshd',
 *   content: 'PasswordAuthentication no\n',
 *   validate: () => sh`sshd -t`,
 *   activate: sh`systemctl reload ssh`,
 * })
 */
export const guardedFile = defineTask<GuardedFileSpec, FileState, DesiredGuardedFile>({
  type: 'guardedFile',
  options: optionsOf<GuardedFileSpec>({
    path: check.text,
    name: check.text,
    source: check.optional(check.text),
    content: check.optional(textOrSecret),
    vars: check.optional(check.record(check.anything)),
    sensitive: check.optional(check.flag),
    validate,
    ...OWNERSHIP,
    activate: check.command,
    seconds,
  }),
  id: (spec) => spec.path,
  refuse: (spec) => refusePath(spec.path) ?? refuseOwnership(spec) ?? refuseGuard(spec),
  prepare: (spec, environment): DesiredGuardedFile => {
    const {seconds = 30, source, vars, content, ...rest} = spec;
    return {...rest, seconds, content: renderedContent(spec, environment)};
  },
  probe: probeFile,
  parse: parseFile,
  desire: desireFile,
  change: (desired, to, present) => [...changeFile(desired, to, present), desired.activate],
  guard: ({name, path, activate, seconds}): Guard => ({
    name,
    seconds,
    keep: sh`g=$PWD; ${keepOld(path, KEPT)}`,
    restore: sh`g=$PWD; ${putBackOld(path, KEPT)}`,
    activate,
  }),
  affects: ({path}) => [path],
});

/** Below the directory of the guard, `$g`. */
const KEPT = {old: raw('"$g/old"'), none: raw('"$g/none"')};

function refuseGuard({name, source, content, seconds = 30}: GuardedFileSpec): string | undefined {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) return `the name ${JSON.stringify(name)} must be lower-case letters and dashes`;
  if (!(seconds >= 5 && seconds <= 3600)) return 'seconds must be a number from 5 to 3600';
  return refuseSource({content, source});
}
