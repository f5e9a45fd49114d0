import {type Command, join, raw, sh} from '../../shell/index.js';
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

/** Reads which packages are there in any state, and what apt would do to remove these. */
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
