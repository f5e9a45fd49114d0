/** The next step after a failed run of apt or dpkg, by what it printed; undefined when nothing in it is known. */
export function hint(output: string): string | undefined {
  return STEPS.find(([pattern]) => pattern.test(output))?.[1];
}

// Looked at in order: a full disk or a lock causes errors that look like others.
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|have enough free space/i, 'Make room on the host: df -h / /var /boot; apt-get clean.'],
  [
    /gave up after|Could not get lock|Unable to (?:acquire|lock)/,
    'Another run of apt or dpkg is under way. Let it end, or give a longer lockTimeout.',
  ],
  [
    /is (?:expired|not valid yet|not yet valid)|no longer valid/i,
    "The host's clock and the mirror's lists disagree: compare `date -u` on the host; then look whether the mirror is stale.",
  ],
  [
    /NO_PUBKEY|is not signed|couldn't be verified|signatures were invalid/i,
    "The key that signs this repository is not on the host: install it and name it as the source's Signed-By.",
  ],
  [
    /changed its '\w+' value/,
    'The repository became another release. If that is meant, run once on the host: apt-get update --allow-releaseinfo-change',
  ],
  [
    /Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Connection (?:failed|refused|timed out)|Network is unreachable/,
    'The host does not reach its mirror: check its route, DNS and the proxy in `apt-config dump Acquire::http::Proxy`.',
  ],
  [
    /Held packages|held broken packages|held packages/i,
    'A package is on hold: see `apt-mark showhold`, then release it or leave it out.',
  ],
  [
    /it would take along or bring in|it would remove|remove is disabled/,
    'Nothing was changed. Name those packages too if they may go, or solve the conflict.',
  ],
  [/names like it/, 'Take one of the names that are like it.'],
  [
    /Unable to locate package|has no installation candidate/,
    'Check the name, and whether the host has the repository that holds it.',
  ],
  [/Version '.*' for '.*' was not found/, 'Ask for one of the versions listed, or leave the version out.'],
  [/Failed to fetch|Some index files failed/, 'Look at the addresses in /etc/apt/sources.list and sources.list.d.'],
  [/unmet dependencies/, 'Packages on the host contradict each other. Look at: apt-get check'],
  [
    /post-installation script|pre-installation script|Sub-process .*dpkg/,
    'A script of the package failed; its lines stand above. Try on the host: dpkg --configure -a',
  ],
];
