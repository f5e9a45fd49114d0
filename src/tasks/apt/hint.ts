import type {Hint} from '../../model/index.js';

/** What a failed run of apt or dpkg calls for, by what it printed; undefined when nothing in it is known. */
export function hint(output: string): Hint | undefined {
  for (const [pattern, step] of STEPS) {
    const found = pattern.exec(output);
    if (found) return typeof step === 'function' ? step(found, output) : step;
  }
  return undefined;
}

type Step = Hint | ((found: RegExpExecArray, output: string) => Hint);

const SOURCES = '/etc/apt/sources.list, /etc/apt/sources.list.d';

const FULL = {message: 'a disk of the host is full', hint: 'Make room there: df -h / /var /boot; apt-get clean'};

// Checked in order: a full disk or a lock causes errors that look like others.
const STEPS: readonly (readonly [RegExp, Step])[] = [
  [/No space left on device|have enough free space/i, FULL],
  [
    /gave up after \d+ s: (.+)/,
    ([, holder = '']) => ({
      message: `another apt or dpkg is running: ${holder}`,
      hint: 'Wait until it ends and apply again, or give a longer lockTimeout.',
    }),
  ],
  [
    /Could not get lock|Unable to (?:acquire|lock)/,
    'Another apt or dpkg is running. Wait until it ends, or give a longer lockTimeout.',
  ],
  [
    /Release file for (\S+) is (expired|not valid yet|not yet valid)(?: \((.*?)\))?/,
    ([, file = '', word = '', since = '']) => ({
      message: `by the host's clock, the mirror's package lists are ${word}${since && `: ${since}`}`,
      hint: `Compare on the host: date -u\nIf the clock is right, the mirror is stale: ${mirrorOf(file)}`,
    }),
  ],
  [
    /Failed to fetch (\S+) +(40[0-9] .+?)(?: \[|$)/m,
    ([, url = '', answer = '']) => ({
      message: `the mirror answers ${answer.replace(/ +/, ' ')} for ${url}`,
      hint: `Check on the host whether these addresses lead to a mirror with this release: ${SOURCES}`,
    }),
  ],
  [
    /The repository '(\S+) (\S+) Release' does(?: not|n't) have a Release file/,
    ([, url = '', suite = '']) => ({
      message: `there is no release "${suite}" at ${url}`,
      hint: `Correct its name or address on the host: ${SOURCES}`,
    }),
  ],
  [
    /NO_PUBKEY|is not signed|couldn't be verified|signatures were invalid/i,
    "The key that signs this repository is not on the host: install it and name it as the source's Signed-By.",
  ],
  [
    /changed its '\w+' value/,
    'The repository is now another release. If you want that, run once on the host: apt-get update --allow-releaseinfo-change',
  ],
  [
    /Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Connection (?:failed|refused|timed out)|Network is unreachable/,
    (_, output) => unreachable(output),
  ],
  [
    /Held packages|held broken packages|held packages/i,
    'A package is on hold: see `apt-mark showhold`, then release it or leave it out.',
  ],
  [
    /it would also remove or install|it would remove|remove is disabled/,
    'Nothing was changed. Name those packages too if they can be removed, or solve the conflict.',
  ],
  [/similar names/, 'Use one of the similar names.'],
  [
    /Unable to locate package|has no installation candidate/,
    'Check the name, and whether the host has the repository that holds it.',
  ],
  [/Version '.*' for '.*' was not found/, 'Ask for one of the versions listed, or leave the version out.'],
  [/Failed to fetch|Some index files failed/, `Check the addresses on the host: ${SOURCES}`],
  [/unmet dependencies/, 'Packages on the host contradict each other. See: apt-get check'],
  [
    /post-installation script|pre-installation script|Sub-process .*dpkg/,
    'A script of the package failed; its output is above. Try on the host: dpkg --configure -a',
  ],
];

/** `http://mirror.example.org/debian` of the address of one of its release files. */
const mirrorOf = (file: string) => file.replace(/\/dists\/.*/, '');

/**
 * Why apt could not fetch its lists or packages: a name without an address, a mirror or a proxy that does not answer.
 */
function unreachable(output: string): Hint {
  const mirror = /Failed to fetch \w+:\/\/(?:[^@/\s]*@)?([^/:\s]+)/.exec(output)?.[1];
  const [, name] = /(?:Temporary failure resolving|Could not resolve) '([^']+)'/.exec(output) ?? [];
  const [, at] = /(?:Could not|Unable to) connect to (\[[^\]]+\]:\d+|[^\s:]+:\d+)/.exec(output) ?? [];
  const other = name ?? at?.replace(/:\d+$/, '');
  const isProxy = mirror !== undefined && other !== undefined && other !== mirror;
  const what = isProxy ? 'the proxy that apt uses' : 'its mirror';
  if (name !== undefined)
    return {
      message: `the host finds no address for ${what}, ${name}`,
      hint: isProxy ? PROXY : `Its name servers are in /etc/resolv.conf. Try on the host: getent hosts ${name}`,
    };
  const hint = isProxy
    ? PROXY
    : 'Check on the host whether there is a route (ip route), a firewall blocks the way, or a proxy is needed.';
  return {message: `the host does not reach ${what}${at === undefined ? '' : `, ${at}`}`, hint};
}

const PROXY = 'Correct it, or take it out: grep -ri proxy /etc/apt/apt.conf /etc/apt/apt.conf.d';
