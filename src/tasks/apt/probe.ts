import {UnreadableReply} from '../../model/index.js';
import {type Command, join, type Reply, raw, sh} from '../../shell/index.js';
import type {Ready} from './spec.js';

/**
 * Reads which packages are installed with one `dpkg-query`. Only when one is missing (or the newest is wanted) it asks
 * further: what installed packages provide, what apt has to offer, how old its lists are.
 */
export function installProbe({packages, state, cacheMaxAge}: Ready): Command {
  const names = packages.map(({name}) => name);
  const all = packages.map(({name, version = '*'}) => sh`has ${name} ${version}`);
  const satisfied = state === 'latest' ? sh`false` : join(all);
  return lines([
    installed(names),
    raw(`has() { case $q in *"$nl$1:$arch installed "$2"$nl"*|*"$nl$1:all installed "$2"$nl"*) ;;
*"$nl$1 installed "$2"$nl"*) ;; *) false;; esac; }`),
    sh`${satisfied} || {`,
    transitions(names),
    sh`echo '# policy'; apt-cache policy ${names}`,
    lists(cacheMaxAge),
    raw('}'),
  ]);
}

/** Reads which packages exist in any state, and what apt would do to remove these. */
export function removeProbe({packages}: Ready): Command {
  const names = packages.map(({name}) => name);
  return lines([
    installed(names),
    // Any state but config-files and not-installed.
    raw(`there() { case $q in *"$nl$1:$arch "[ihut]*|*"$nl$1:all "[ihut]*|*"$nl$1 "[ihut]*) ;; *) false;; esac; }`),
    sh`set --; for p in ${names}; do if there "$p"; then set -- "$@" "$p"; fi; done`,
    raw('[ $# -eq 0 ] || {'),
    transitions(names),
    sh`echo '# removal'; apt-get -s -o APT::Get::AutomaticRemove=false remove "$@"`,
    raw('}'),
  ]);
}

const lines = (commands: readonly Command[]) => join(commands, '\n');

/**
 * `q`: a line `name:arch status version` for each known package. dpkg itself is asked for to learn the architecture.
 */
function installed(names: readonly string[]): Command {
  const format = `\${Package}:\${Architecture} \${db:Status-Status} \${Version}\\n`;
  return lines([
    raw("nl='\n'"),
    sh`q=$nl$(dpkg-query --show --showformat=${format} dpkg ${names})$nl`,
    raw(`arch=\${q#*"$nl"dpkg:}; arch=\${arch%% *}; printf %s "$q"`),
  ]);
}

function transitions(names: readonly string[]): Command {
  const format = `\${db:Status-Status} \${Provides}\\n`;
  const half = ['^half-', '^unpacked', '^triggers-'].map((pattern) => sh`-e ${pattern}`);
  const provided = names.map((name) => sh`-e ${` ${name.replace(/:.*/, '').replaceAll('.', '[.]')}`}`);
  return lines([
    sh`echo '# others'; dpkg-query --show --showformat=${format} | grep ${join([...half, ...provided], ' ')}`,
    // apt's own test for an interrupted dpkg: files named by digits alone.
    raw(`for f in /var/lib/dpkg/updates/[0-9]*; do if [ -e "$f" ]; then echo interrupted; break; fi; done`),
  ]);
}

function lists(maxAge: number): Command {
  const directory = '/var/lib/apt/lists';
  return sh`echo '# lists'; set -- ${directory}/*_Packages*
if [ ! -e "$1" ]; then echo missing
elif [ -z "$(find ${directory} -maxdepth 0 -mmin ${`-${Math.ceil(maxAge / 60)}`})" ]; then echo stale
elif [ -n "$(find /etc/apt/sources.list /etc/apt/sources.list.d -newer ${directory} 2>/dev/null)" ]; then echo stale
else echo fresh; fi`;
}

/** What a probe reported. */
export interface AptReport {
  /** The host's own architecture, `amd64`. */
  readonly architecture: string;
  readonly packages: readonly {readonly name: string; readonly status: string; readonly version: string}[];
  /** Names that installed packages provide. */
  readonly provided: ReadonlySet<string>;
  /** dpkg was interrupted, or a package is only half configured. */
  readonly interrupted: boolean;
  /** By name: the version apt would install, and all it could. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Undefined when the probe did not need to ask. */
  readonly lists: 'missing' | 'stale' | 'fresh' | undefined;
  /** What apt would remove or install to remove the named packages. */
  readonly removals: readonly string[];
}

export interface Offer {
  readonly candidate: string | undefined;
  readonly versions: readonly string[];
}

/**
 * Parses what `installProbe` or `removeProbe` print. Throws `UnreadableReply` when dpkg itself is not in the answer.
 */
export function parseReport({stdout, stderr}: Reply): AptReport {
  const [known = '', ...sections] = stdout.split(/^# /m);
  const section = (name: string) => sections.find((text) => text.startsWith(`${name}\n`))?.slice(name.length + 1) ?? '';
  const packages = [...matches(known, /^([^\s:]+:[^\s:]+) (\S+) (\S*)$/gm)];
  const others = section('others');
  const architecture = packages.map(([name = '']) => /^dpkg:(.+)$/.exec(name)?.[1]).find((each) => each !== undefined);
  if (architecture === undefined) throw new UnreadableReply(`dpkg-query does not list dpkg itself: ${stderr.trim()}`);
  return {
    architecture,
    packages: packages.map(([name = '', status = '', version = '']) => ({name, status, version})),
    provided: providedIn(others),
    interrupted: /^(half-|unpacked|triggers-|interrupted)/m.test(others),
    offers: offersIn(section('policy')),
    lists: listsIn(section('lists')),
    removals: [...matches(section('removal'), /^(?:Remv|Purg|Inst) (\S+)/gm)].flat(),
  };
}

function* matches(text: string, pattern: RegExp): Generator<string[]> {
  for (const [, ...groups] of text.matchAll(pattern)) yield groups;
}

/** `installed default-mta, mail-transport-agent (= 1.2), foo:any`, a line for each package that provides something. */
function providedIn(text: string): Set<string> {
  const names = text.split('\n').filter((line) => line.startsWith('installed '));
  return new Set(
    names.flatMap((line) =>
      line
        .slice(10)
        .split(', ')
        .map((each) => each.replace(/[ :].*/, '')),
    ),
  );
}

/** `apt-cache policy`: a name, its candidate, a table with a line for each version. */
function offersIn(text: string): Map<string, Offer> {
  const blocks = text.split(/^(?=\S)/m).filter((block) => block !== '');
  return new Map(
    blocks.map((block) => {
      const candidate = /^ {2}Candidate: (\S+)$/m.exec(block)?.[1];
      const versions = [...matches(block, /^ (?:\*\*\*| {3}) (\S+) -?\d+$/gm)].flat();
      const name = block.slice(0, block.indexOf('\n')).replace(/:$/, '');
      return [name, {candidate: candidate === '(none)' ? undefined : candidate, versions}];
    }),
  );
}

function listsIn(text: string): AptReport['lists'] {
  const word = text.trim();
  return word === 'missing' || word === 'stale' || word === 'fresh' ? word : undefined;
}
