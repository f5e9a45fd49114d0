import {posix} from 'node:path';
import {Content, check, defineTask, matchesGlob, optionsOf, Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, join, type Reply, raw, sh, showAs} from '../../shell/index.js';
import {
  changeFile,
  type DesiredFile,
  desireFile,
  type FileState,
  parseFile,
  probeFile,
} from '../shared/content-file.js';
import {DIRECTORIES, LOCKED, refuseClosed, settingsIn, spaced, sysctlPath, sysctlValue} from './read-sysctl.js';

/** A kernel setting; `*` in its name stands for every network interface, future ones too. */
export interface SysctlSetting {
  /** `net.ipv4.conf.*.rp_filter`. */
  readonly name: string;
  /** As `sysctl` shows it. */
  readonly value: string | number;
  /** Comment lines above it. */
  readonly because?: string;
}

export interface SysctlFileSpec {
  /** `/etc/sysctl.d/NAME.conf`. */
  readonly path: string;
  /** In the order of the file. */
  readonly settings: readonly SysctlSetting[];
}

const setting = check.object<SysctlSetting>('a setting', 'Write it as {name: …, value: …}.', {
  name: check.text,
  value: sysctlValue,
  because: check.optional(check.text),
});

interface DesiredSettings extends SysctlFileSpec {
  readonly file: DesiredFile;
}

/** The file's attributes, and the value that the kernel has now by the name of each setting that can be written. */
export type SysctlFileState = FileState & Readonly<Record<string, Content | string>>;

/**
 * Kernel settings in one file, now and after a reboot. What this kernel does not have, or what cannot be written as in
 * a container, stands in the file and is otherwise left alone. A later file that sets another value is a failure that
 * names it.
 *
 * @example
 * sysctlFile({path: '/etc/sysctl.d/60-web.conf', settings: [{name: 'net.core.somaxconn', value: 1024}]})
 */
export const sysctlFile = defineTask<SysctlFileSpec, SysctlFileState, DesiredSettings>({
  type: 'sysctlFile',
  options: optionsOf<SysctlFileSpec>({path: check.text, settings: check.list(setting)}),
  id: ({path}) => path,
  refuse: ({path, settings}) => {
    if (!/^\/etc\/sysctl\.d\/[^/]+\.conf$/.test(path))
      return `"${path}" is not read at boot; choose /etc/sysctl.d/NAME.conf`;
    const wrong = settings.find(({name}) => !/^[\w-]+(\.([\w-]+|\*))+$/.test(name));
    return wrong && `"${wrong.name}" is not the name of a kernel setting`;
  },
  prepare: (spec) => {
    const content = Content.of(textOf(spec.settings));
    return {...spec, file: {path: spec.path, content, mode: '0644', owner: 'root', group: 'root'}};
  },
  probe: probeSettings,
  parse: parseSettings,
  // What has no value in `present` has no desired value: the kernel does not have it, or does not let it be written.
  desire: ({file, settings}, present) => {
    const able = settings.filter(({name}) => present?.[name] !== undefined);
    const values = able.map(({name, value}) => [name, spaced(String(value))]);
    return {...desireFile(file, fileIn(present)), ...Object.fromEntries(values)};
  },
  change: ({file, settings}, to, present) => [
    ...(isFileWrong(to) ? [sh`mkdir -p /etc/sysctl.d`, ...changeFile(file, to, fileIn(present))] : []),
    // All of them: one may reset another, as ip_forward does with accept_redirects.
    ...(settings.some(({name}) => to?.[name] !== undefined)
      ? settings
          .filter(({name}) => present?.[name] !== undefined)
          .map(({name, value}) => setNow(name, spaced(String(value))))
      : []),
  ],
  action: (diff) => (diff.some(({name, before}) => name === 'content' && before === undefined) ? 'create' : 'update'),
  affects: ({path}) => [path],
  needs: ({path}) => [path, ...DIRECTORIES],
});

/** Where a file was never written, the values that the kernel has are known nevertheless. */
const fileIn = (present: Partial<SysctlFileState> | null): Partial<FileState> | null =>
  present?.content === undefined && present?.type === undefined ? null : present;

const isFileWrong = (to: Partial<SysctlFileState> | null) =>
  to !== null && ['content', 'mode', 'owner', 'group', 'type'].some((name) => to[name] !== undefined);

function textOf(settings: readonly SysctlSetting[]): string {
  const lines = settings.map(({name, value, because = ''}) => {
    // A file that excludes `all` from such a pattern, as Debian's own does, excludes it from every one (sysctl.d(5)).
    const names = name.includes('*') ? ['all', 'default', '*'].map((each) => name.replace('*', each)) : [name];
    return `${because === '' ? '' : `\n${because}`}${names.map((each) => `${each} = ${value}\n`).join('')}`;
  });
  return `# Managed by infra: changes made here are undone by the next apply.\n${lines.join('')}`;
}

function probeSettings({file, settings, path}: DesiredSettings): Command {
  const paths = settings.map(({name}) => raw(sysctlPath(name)));
  const files = DIRECTORIES.map((directory) => sh`${directory}/*.conf`);
  const keys = settings.flatMap(({name}) => (name.includes('*') ? [name, name.replace('*', 'all')] : [name]));
  const pattern = keys.map((key) => key.replace(/[.*]/g, (mark) => (mark === '.' ? '[./]' : '[*]'))).join('|');
  return sh`set --; for p in ${join(paths, ' ')}; do [ ! -e "$p" ] || ${LOCKED} || set -- "$@" "$p"; done
[ $# -eq 0 ] || grep -H '' -- "$@"
${refuseClosed}
echo '# files'; grep -sHE ${`^[[:space:]]*-?(${pattern})[[:space:]]*=`} ${join(files, ' ')} | grep -vF ${`${path}:`}
echo '# file'; (${probeFile(file)})`;
}

function parseSettings(reply: Reply, desired: DesiredSettings): Partial<SysctlFileState> | null | Unknown {
  const [live, others] = cutAt('# files\n', reply.stdout);
  const [lines, rest] = cutAt('# file\n', others ?? '');
  if (rest === undefined) throw new UnreadableReply(reply.stderr.trim() || reply.stdout.slice(0, 80));
  const file = parseFile({...reply, stdout: rest}, desired.file);
  return overruled(lines, desired) ?? {...file, ...valuesIn(live, desired.settings)};
}

/** What stands before a mark and after it; undefined where it is missing. */
function cutAt(mark: string, text: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** By the name of the setting: its value, or all that differ where it stands for several. */
function valuesIn(live: string, settings: readonly SysctlSetting[]): Record<string, string> {
  const found = live.split('\n').map((line) => /^(.*?):(.*)$/.exec(line) ?? []);
  const able = settings.flatMap(({name}): [string, string][] => {
    const values = found
      .filter(([, path = '']) => matchesGlob(sysctlPath(name), path))
      .map(([, , value = '']) => value);
    return values.length === 0 ? [] : [[name, [...new Set(values.map(spaced))].join(', ')]];
  });
  return Object.fromEntries(able);
}

function overruled(lines: string, {path, settings}: DesiredSettings): Unknown | undefined {
  for (const {name, value} of settings) {
    const names = [name, name.replace('*', 'all')];
    const last = names.flatMap((each) => settingsIn(lines, each)).at(-1);
    if (last === undefined || last.value === spaced(String(value))) continue;
    if (posix.basename(last.file) < posix.basename(path)) continue;
    return new Unknown(
      `${last.file} sets ${name} to ${last.value} and is read after ${path}; fix it there or leave ${name} out here`,
    );
  }
  return undefined;
}

function setNow(name: string, value: string): Command {
  return showAs(
    String(sh`sysctl -w ${`${name}=${value}`}`),
    sh`for p in ${raw(sysctlPath(name))}; do printf '%s\n' ${value} >"$p" || exit; done`,
  );
}
