import {quote} from '../shell/index.js';

/** Seconds between the signs of life that the loop is sent, and seconds without one after which it ends itself. */
export const PULSE = 5;
const LEASE = 30;

/**
 * The remote loop, the only text of ours in a host's process list. It reads a nonce, answers
 * `NONCE ready DIRECTORY UPLOADS` on both output streams, and then takes records from standard input:
 *
 * - `DATA SIZE NAME` and SIZE bytes are appended to a private file; each record is confirmed with `~` (`!`: it cannot be
 *   stored, and the loop ends).
 * - `RUN SIZE` and SIZE bytes of text are evaluated: calls of the functions below (`shell/script.ts` writes them),
 *   each with the text of one step as one word. `=` on both streams closes it. `KEEP SIZE` is the same for a step that
 *   opens files for the loop itself: a lock on file descriptor 9.
 *
 * **A step sees and breaks nothing of the loop.** `clean` evaluates its text in a subshell without our variables and
 * functions, input, lock and descriptors. What it prints never goes to the channel as it is: it is kept in a file and
 * sent with its number before each line (`grep -H`), or passes `sed`, which does the same line by line and stops at a
 * line that the step could not know before it ended. So no output can be taken for a mark, and what a background job
 * prints later is discarded. An expected answer is compared here, by its digest, and is not sent.
 *
 * **Nothing outlives the connection.** `cat` is the watchdog: when the link is gone it sees the end of input and ends
 * the whole process group (closing an SSH channel alone stops nothing on the host). While a script runs and until the
 * next record, a watcher reads the input line by line: `go` announces a record, `stop` ends the lease, which `stopped`
 * checks, and any line is a sign of life. Without one for LEASE to twice LEASE seconds (the network is cut and
 * no end of input comes) the lease ends the process group, and the lock with it; so does the watcher when the loop was
 * killed.
 *
 * DIRECTORY is private to the connection and named after the process and its start, so that one left behind by a crash
 * can be recognized (`engine/lock/lock.ts`). It is in memory where infra is root; uploads, which may be large, are on the
 * disk.
 */
const LOOP = `
export SSH_CONNECTION="$1" LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset LANGUAGE LANG CDPATH ENV
umask 022
cd /
read -r rest </proc/self/stat
set -- $rest
d=/run/infra/$$.\${22}
u=/var/lib/infra/uploads/$$.\${22}
if [ -w /run ]; then (umask 077; exec mkdir -p "$d/o" "$d/e"); else
d=$(umask 077; mktemp -d) && u=$d/uploads && mkdir "$d/o" "$d/e"; fi || exit
set --
exec 4>&2 2>/dev/null
{ cat; rm -rf -- "$d" "$u"; trap "" TERM; kill -TERM 0; } | {
exec 3<&0 </dev/null 2>&4 4>&-
read -r self rest </proc/self/stat
{ trap n=1 USR1; n=1
while sleep ${LEASE}; do [ "$n" ] || { rm -rf -- "$d" "$u"; kill -TERM 0; }; n=; done; } >/dev/null 2>&1 3<&- & lease=$!
watch() {
  while IFS= read -r n <&3; do
    case $n in go) exit;; stop) kill "$lease"; lease=;; esac
    kill -0 "$self" || kill -TERM 0
    [ -z "$lease" ] || kill -USR1 "$lease"
  done
}
clean() { eval "unset c d e k l lease n o r rest self t u watcher
unset -f clean end expect flush kept live mark probe quiet stopped watch
set --
$1"; }
end() { flush; exit 0; }
stopped() { kill -0 "$lease" 2>/dev/null || end; }
mark() { printf "%s\\n" "$1"; [ -z "$2" ] || printf "%s\\n" "$2" >&2; }
flush() {
  [ "$k" ] || return 0
  o= e=
  for n in $k; do
    [ ! -s "$d/o/$n" ] || { echo >>"$d/o/$n"; o="$o $n"; }
    [ ! -s "$d/e/$n" ] || { echo >>"$d/e/$n"; e="$e $n"; }
  done
  [ ! "$o" ] || (cd "$d/o" && grep -aH "" $o; exec rm -f -- $o)
  [ ! "$e" ] || (cd "$d/e" && grep -aH "" $e; exec rm -f -- $e) >&2
  for n in $k; do mark "$n. \${c%% *}"; c=\${c#* }; done
  printf "%s.\\n" "$n" >&2
  k= c=
}
probe() {
  { (ulimit -S -f 65536; clean "$2"); r=$?; } >"$d/o/$1" 2>"$d/e/$1"
  c="$c$r " k="$k $1"
  case $1 in *[05]0) flush;; esac
  return $r
}
expect() {
  flush
  { (ulimit -S -f 65536; clean "$2"); r=$?; } >"$d/o/$1" 2>"$d/e/$1"
  if [ $r = "$3" ] && n=$(sha256sum <"$d/o/$1") && [ "$n" = "$4  -" ]; then
    mark "$1=" "$1."
    : >"$d/o/$1"
    return 0
  fi
  k=$1 c="$r "
  flush
  return 1
}
quiet() {
  flush
  mark "$1+"
  { (clean "$2"); r=$?; } >"$d/o/$1" 2>"$d/e/$1"
  k=$1
  c="$r "
  flush
  return $r
}
live() {
  flush
  mark "$1+"
  read -r n </proc/sys/kernel/random/uuid
  l="sed -u"
  ! command -v stdbuf >/dev/null || l="stdbuf -oL sed"
  { { {
    (clean "$2")
    echo $? >"$d/r"
    printf "\\n%s\\n" "$n"
    printf "\\n%s\\n" "$n" >&2
  } 2>&6 6>&- 7>&- | { $l "/^$n\\$/Q;s/^/$1:/" >&7; cat <&8 >/dev/null 2>&1 7>&- & } 8<&0 6>&-; } 6>&1 | { $l "/^$n\\$/Q;s/^/$1:/" >&2; cat <&8 >/dev/null 2>&1 & } 8<&0 7>&-; } 7>&1
  read -r r <"$d/r"
  mark "$1. $r" "$1."
  return $r
}
kept() {
  flush
  mark "$1+"
  eval "$2" >"$d/o/$1" 2>"$d/e/$1"
  r=$? k=$1
  c="$r "
  flush
}
k= c=
IFS= read -r n <&3 || exit 0
mark "
$n ready $d $u" "
$n ready $d $u"
while IFS=" " read -r n r o <&3; do
  case $n in
  DATA)
    kill -USR1 "$lease" 2>/dev/null
    [ -d "$u" ] || (umask 077; exec mkdir -p "$u") 2>/dev/null
    (umask 077; exec head -c "$r" <&3 >>"$u/$o") 2>/dev/null || { mark "!"; exit; }
    mark "~"
    continue;;
  RUN|KEEP) t=$(head -c "$r" <&3);;
  *) continue;;
  esac
  kill -0 "$lease" 2>/dev/null || lease=
  watch >/dev/null 2>&1 9<&- & watcher=$!
  if [ $n = KEEP ]; then eval "$t" 3<&-; else (eval "$t") 3<&- 9<&-; fi
  [ ! -d "$u" ] || rm -rf -- "$u"
  mark = =
  wait "$watcher"
done
}`;

/** The command line for SSH's exec channel. With `become` it runs as root through sudo, without a password prompt. */
export function bootstrapCommand(become: boolean): string {
  const loop = `sh -c ${quote(LOOP)} infra "$SSH_CONNECTION"`;
  return become ? `exec sudo -n -H -- ${loop}` : `exec ${loop}`;
}

/** The way to the remote loop: an SSH channel or, in tests, a process of this machine. */
export interface Channel {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
  on(event: 'exit', listener: (code: number | null) => void): unknown;
  readonly stderr: {on(event: 'data', listener: (chunk: Buffer) => void): unknown};
  readonly writable: boolean;
  /** `taken` is called when the channel has passed on the bytes. */
  write(bytes: Buffer, taken?: () => void): unknown;
  end(): unknown;
  close(): unknown;
}
