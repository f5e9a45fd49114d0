import {UnreadableReply} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';
import {COMMON} from '../../tasks/mysql/seed/programs.js';

/** What a server's data takes on its disk, in bytes. */
export interface Measured {
  /** Of a copy: without logs and temporary files. */
  readonly size: number;
  /** The most that a copy has besides: changes that are in the redo log, and not in the files yet. */
  readonly redo: number;
  /** What is free on the file system of the data. */
  readonly free: number;
  /** The databases of users with their sizes. */
  readonly databases: readonly {readonly name: string; readonly bytes: number}[];
}

/** Measures a server by its files, whether it runs or not. */
export const measureProbe: Command = sh`( role=receive; eval ${COMMON}; places || exit
printf 'size %s\n' "$(du -sb --exclude='ib_logfile*' --exclude='#innodb_redo' --exclude='#innodb_temp' --exclude='ibtmp*' --exclude='*bin.[0-9]*' --exclude='aria_log.*' --exclude='*.dblwr' --exclude='.infra-*' -- "$d" | cut -f 1)"
printf 'redo %s\n' "$(find "$d" -maxdepth 2 \( -name 'ib_logfile*' -o -name '#ib_redo*' \) -printf '%s\n' | { n=0; while read -r each; do n=$((n + each)); done; echo $n; })"
printf 'free %s\n' "$(df --output=avail -B 1 -- "$d" | tail -n 1 | tr -d ' ')"
for each in "$d"/*/; do name=$(basename "$each")
case $name in '*'|mysql|performance_schema|sys|'#'*) ;; *) printf 'database %s %s\n' "$(du -sb -- "$each" | cut -f 1)" "$name" ;; esac; done )`;

/** The answer to {@link measureProbe}. Throws `UnreadableReply`. */
export function parseMeasured(stdout: string): Measured {
  const size = /^size (\d+)$/m.exec(stdout)?.[1];
  const free = /^free (\d+)$/m.exec(stdout)?.[1];
  const redo = /^redo (\d+)$/m.exec(stdout)?.[1] ?? '0';
  if (size === undefined || free === undefined)
    throw new UnreadableReply('the server does not say how large its data is');
  const databases = [...stdout.matchAll(/^database (\d+) (.+)$/gm)];
  return {
    size: Number(size),
    redo: Number(redo),
    free: Number(free),
    databases: databases.map(([, bytes, name = '']) => ({name: nameOfDirectory(name), bytes: Number(bytes)})),
  };
}

/** The servers write characters that are not letters or digits as `@` and four hexadecimal digits. */
function nameOfDirectory(directory: string): string {
  return directory.replace(/@([\da-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
