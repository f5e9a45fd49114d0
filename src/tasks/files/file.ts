import {check, defineTask, type Environment, optionsOf} from '../../model/index.js';
import type {Command, Secret} from '../../shell/index.js';
import {bytes, presence, validate} from '../shared/checks.js';
import {
  changeFile,
  type DesiredFile,
  desireFile,
  literalContent,
  parseFile,
  probeFile,
  refuseSource,
} from '../shared/content-file.js';
import {OWNERSHIP, type Ownership, refuseOwnership} from '../shared/ownership.js';
import {refusePath} from '../shared/path.js';

export interface FileSpec extends Ownership {
  /** Absolute. */
  readonly path: string;
  /** Any bytes. A secret is shown masked, and the file gets mode 0600 unless `mode` says otherwise. */
  readonly content?: string | Uint8Array | Secret | undefined;
  /** Instead of `content`: a local file, looked up where templates are. */
  readonly source?: string | undefined;
  /**
   * True: nothing of the content is shown. What the file holds now is hidden, as secrets are, where others may not read
   * it; false: it is shown.
   */
  readonly sensitive?: boolean | undefined;
  /**
   * A command that must succeed on the new file before it takes its place. It gets the path of a temporary file in the
   * same directory, so that relative includes work; wildcards such as `*.conf` do not match it.
   */
  readonly validate?: ((path: string) => Command) | undefined;
  /** Default `present`. */
  readonly state?: 'present' | 'absent' | undefined;
}

/**
 * A file with this content, written atomically. Where mode and owner are left out, an existing file keeps its own and a
 * new one gets 0644 and the login user (root). Its directory must exist. A symbolic link at the path is replaced by a
 * file, what it points to is left alone (as Ansible's `copy` does with `follow: false`); a directory is refused.
 *
 * @example
 * file({path: '/etc/motd', content: 'Be kind.\n', mode: '0644'})
 */
export const file = defineTask({
  type: 'file',
  options: optionsOf<FileSpec>({
    path: check.text,
    content: check.optional(check.either(check.text, check.either(bytes, check.secret))),
    source: check.optional(check.text),
    sensitive: check.optional(check.flag),
    validate,
    state: presence,
    ...OWNERSHIP,
  }),
  id: (spec: FileSpec) => spec.path,
  restores: ({path}) => ({path, follow: false}),
  refuse: (spec) => refusePath(spec.path) ?? refuseOwnership(spec) ?? refuseContent(spec),
  prepare: prepareFile,
  probe: probeFile,
  parse: parseFile,
  desire: desireFile,
  change: changeFile,
  affects: ({path}) => [path],
});

function refuseContent({content, source, state}: FileSpec): string | undefined {
  if (state !== 'absent') return refuseSource({content, source});
  const isGiven = content !== undefined || source !== undefined;
  return isGiven ? 'a file with state absent takes neither content nor source' : undefined;
}

function prepareFile(spec: FileSpec, environment: Environment): DesiredFile {
  const {content, source, state, ...rest} = spec;
  return {...rest, content: state === 'absent' ? null : literalContent(spec, environment)};
}
