import {posix} from 'node:path';
import {Content, check, defineTask, optionsOf, Unknown} from '../../model/index.js';
import {join, sh, showAs} from '../../shell/index.js';
import {writeFile} from '../shared/write.js';
import {
  DIRECTORIES,
  parseSysctl,
  probeSysctl,
  type SysctlState,
  spaced,
  sysctlPath,
  sysctlValue,
} from './read-sysctl.js';

export interface SysctlSpec {
  /** `net.ipv4.ip_forward`; a dot within a part is written as `/`: `net.ipv4.conf.eth0/1.rp_filter`. */
  readonly name: string;
  /** As `sysctl` shows it. */
  readonly value: string | number;
  /** A file in `/etc/sysctl.d` that holds this key alone. Default: `/etc/sysctl.d/60-infra-KEY.conf`. */
  readonly file?: string;
}

/**
 * A kernel setting, now (`live`) and after a reboot (`persistent`: what the files of `sysctl.d` come to together, in
 * the order systemd reads them). Each key has a file of its own, so that no two tasks write the same one. White space
 * within a value does not matter.
 *
 * @example
 * sysctl({name: 'net.core.somaxconn', value: 1024})
 */
export const sysctl = defineTask<SysctlSpec, SysctlState>({
  type: 'sysctl',
  options: optionsOf<SysctlSpec>({name: check.text, value: sysctlValue, file: check.optional(check.text)}),
  id: ({name}) => name,
  refuse: ({name, value, file}) => {
    if (!/^[\w-]+([./][\w:@-]+)+$/.test(name)) return `"${name}" is not the name of a kernel setting`;
    if (/[\n\0]/.test(String(value))) return 'a value must be one line';
    if (file === undefined || /^\/etc\/sysctl\.d\/[^/]+\.conf$/.test(file)) return undefined;
    return `"${file}" is not read at boot; choose /etc/sysctl.d/NAME.conf`;
  },
  probe: ({name}) => probeSysctl(name),
  parse: (reply, spec) => {
    const found = parseSysctl(reply, spec.name);
    if (found instanceof Unknown) return found;
    return obstacle(found, spec) ?? found;
  },
  desire: ({value}) => ({live: spaced(String(value)), persistent: spaced(String(value))}),
  change: (spec, to) => [
    to?.live !== undefined &&
      showAs(
        String(sh`sysctl -w ${`${spec.name}=${to.live}`}`),
        sh`printf '%s\n' ${to.live} >${sysctlPath(spec.name)}`,
      ),
    to?.persistent !== undefined && persist(spec, to.persistent),
  ],
  affects: (spec) => [fileOf(spec)],
  needs: (spec) => [fileOf(spec), ...DIRECTORIES],
  hint: ({stderr}) =>
    /Invalid argument|I\/O error/.test(stderr)
      ? 'The kernel refuses this value. Check the range that it allows.'
      : undefined,
});

function fileOf({name, file}: SysctlSpec): string {
  return file ?? `/etc/sysctl.d/60-infra-${sysctlPath(name).slice('/proc/sys/'.length).replaceAll('/', '.')}.conf`;
}

function obstacle({live, writable, persistent, source}: SysctlState, spec: SysctlSpec): Unknown | undefined {
  const value = spaced(String(spec.value));
  if (live !== value && !writable) return new Unknown(`${sysctlPath(spec.name)} cannot be written, as in a container`);
  const file = fileOf(spec);
  const isLater = source !== undefined && posix.basename(source) > posix.basename(file);
  if (persistent === value || !isLater) return undefined;
  return new Unknown(
    `${source} sets it to ${persistent} and is read after ${file}; fix it there, or name a later file`,
  );
}

function persist(spec: SysctlSpec, value: string) {
  const file = fileOf(spec);
  const content = Content.of(`${spec.name} = ${value}\n`);
  return showAs(
    `write ${file}`,
    join([sh`mkdir -p /etc/sysctl.d`, writeFile({path: file, content, to: {mode: '0644'}})]),
  );
}
