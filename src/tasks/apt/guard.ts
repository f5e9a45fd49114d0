import {type Command, raw, sh} from '../../shell/index.js';
import type {Package} from './spec.js';

/**
 * Waits until no process holds a lock of dpkg or apt, and prints the holder while it waits and when it gives up (exit
 * code 1). apt's own waiting covers neither dpkg alone nor the lock of the package lists. `/proc/locks` names a
 * process; of those that hold any lock, one that has a lock file open is the holder. A subshell, so that it ends
 * nothing but itself.
 */
export function waitForLocks(seconds: number): Command {
  return sh`(
${raw(HOLDER)}
waited=0; told=
while who=$(holder); do
  [ "$waited" -lt ${seconds} ] || { echo "gave up after $waited s: $who" >&2; exit 1; }
  [ "$who" = "$told" ] || echo "waiting: $who" >&2
  told=$who; sleep 2; waited=$((waited + 2))
done)`;
}

const HOLDER = `holder() {
  for pid in $(sed -n 's/^[0-9]*: POSIX  *ADVISORY  *WRITE  *\\([0-9][0-9]*\\) .*/\\1/p' /proc/locks | sort -u); do
    file=$(readlink "/proc/$pid/fd/"* 2>/dev/null | grep -m 1 -x -e '/var/lib/dpkg/lock\\(-frontend\\)\\{0,1\\}' \\
      -e /var/lib/apt/lists/lock -e /var/cache/apt/archives/lock) || continue
    read -r name <"/proc/$pid/comm" || continue
    echo "$name (pid $pid) holds $file"
    return 0
  done
  return 1
}`;

/**
 * Fails when apt does not know a name, and prints the names nearest to it. apt-get itself would take an unknown name
 * with a dot in it as a regular expression and install everything that matches.
 */
export function guardNames(packages: readonly Package[]): Command {
  const names = packages.map(({name}) => name);
  return sh`(
nl='
'; known=$nl$(apt-cache policy ${names})$nl
for p in ${names}; do
  bare=$(echo "$p" | cut -d : -f 1)
  case $known in *"$nl$p:$nl"*|*"$nl$bare:$nl"*) continue;; esac
  echo "E: Unable to locate package $p" >&2
  near=$(apt-cache pkgnames | awk -v word="$p" ${NEAR} | sort -n | head -n 5 | cut -d ' ' -f 2 | paste -s -d ' ' -)
  [ -z "$near" ] || echo "similar names: $near" >&2
  unknown=1
done
[ -z "$unknown" ])`;
}

// Names at most two letters away (Levenshtein), each with its distance.
const NEAR = `function distance(a, b,   i, j, before, here, best, row) {
  for (j = 0; j <= length(b); j++) row[j] = j
  for (i = 1; i <= length(a); i++) {
    before = row[0]; row[0] = i
    for (j = 1; j <= length(b); j++) {
      here = row[j]
      best = before + (substr(a, i, 1) != substr(b, j, 1))
      if (row[j] + 1 < best) best = row[j] + 1
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1
      row[j] = best; before = here
    }
  }
  return row[length(b)]
}
{ gap = length($0) - length(word) }
gap >= -2 && gap <= 2 && (found = distance(word, $0)) <= 2 { print found, $0 }`;

/** Fails when apt would do more than remove the named packages, with the list of it. */
export function guardRemoval(names: readonly string[]): Command {
  return sh`(
named=" $(echo ${names} ${names.map((name) => name.replace(/:.*/, ''))}) "
plan=$(apt-get -s -o APT::Get::AutomaticRemove=false remove -- ${names}) || exit
more=$(echo "$plan" | awk -v named="$named" '/^(Remv|Purg|Inst) / && !index(named, " " $2 " ") {print $2}')
[ -z "$more" ] || { echo "it would also remove or install packages that are not named:" $more >&2; exit 1; })`;
}

/** Prints which packages would have to go for an installation to succeed, if any. */
export function listVictims(words: readonly string[]): Command {
  return sh`gone=$(apt-get -s install -- ${words} 2>/dev/null | awk '$1 == "Remv" {print $2}')
[ -z "$gone" ] || echo "it would remove:" $gone >&2`;
}

/** Prints the versions that apt knows of packages asked for in a certain one. */
export function listVersions(pinned: readonly Package[]): Command {
  if (pinned.length === 0) return raw(':');
  return sh`apt-cache madison ${pinned.map(({name}) => name)} 2>/dev/null |
awk -F ' *\\| *' '{sub(/^ */, "", $1); if (!seen[$1, $2]++) print "known: " $1 "=" $2}' >&2`;
}
