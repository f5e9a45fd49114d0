import {check, defineTask, type Environment, optionsOf} from '../../model/index.js';
import type {Command} from '../../shell/index.js';
import {validate} from '../shared/checks.js';
import {
  changeFile,
  type DesiredFile,
  desireFile,
  parseFile,
  probeFile,
  renderedContent,
} from '../shared/content-file.js';
import {OWNERSHIP, type Ownership, refuseOwnership} from '../shared/ownership.js';
import {refusePath} from '../shared/path.js';

export interface TemplateSpec extends Ownership {
  /** Absolute. */
  readonly path: string;
  /** An EJS template, looked up in the user's directory first, then among those that come with infra. */
  readonly source: string;
  /** Used by name in the template. A secret prints in clear, and then the file is treated as one. */
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** As with `file`. Secrets that the template prints are hidden where they stand, the rest is shown. */
  readonly sensitive?: boolean | undefined;
  /** As with `file`. */
  readonly validate?: ((path: string) => Command) | undefined;
}

/**
 * A file rendered from a template; written as `file` writes. `open` throws `InputError` at the template's line.
 *
 * @example
 * template({path: '/etc/motd', source: 'motd.ejs', vars: {host: host.name, cpus: facts.cpus}})
 */
export const template = defineTask({
  type: 'template',
  options: optionsOf<TemplateSpec>({
    path: check.text,
    source: check.text,
    vars: check.optional(check.record(check.anything)),
    sensitive: check.optional(check.flag),
    validate,
    ...OWNERSHIP,
  }),
  id: (spec: TemplateSpec) => spec.path,
  restores: ({path}) => ({path, follow: false}),
  refuse: (spec) => refusePath(spec.path) ?? refuseOwnership(spec),
  prepare: (spec, environment: Environment): DesiredFile => {
    const {source, vars, ...rest} = spec;
    return {...rest, content: renderedContent(spec, environment)};
  },
  probe: probeFile,
  parse: parseFile,
  desire: desireFile,
  change: changeFile,
  affects: ({path}) => [path],
});
