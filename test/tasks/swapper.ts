import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';

/** A local user who has nothing but a directory. */
export const INTRUDER = 54_321;

/** What the intruder tries: `name` in `directory` becomes this and that, all the time. */
export interface Swapped {
  readonly directory: string;
  readonly name: string;
  /** Where links lead: a file and a directory of root. */
  readonly file: string;
  readonly victims: string;
}

/**
 * Starts an intruder who swaps a name for links, pipes, files and a hard link (`.h`, when there is one) without pause,
 * and another who waits for every event in the directory (inotify) and puts links in the place of new files and
 * directories.
 */
export async function startIntruders({directory, name, file, victims}: Swapped): Promise<{stop(): Promise<void>}> {
  const children = [SPIN, WATCH].map((program) => {
    const user = ['--reuid', String(INTRUDER), '--regid', String(INTRUDER), '--clear-groups'];
    return spawn('setpriv', [...user, 'perl', '-e', COMMON + program, directory, name, file, victims], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  });
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit').then(() => Promise.reject(new Error('an intruder ended')));
      await Promise.race([once(child.stdout, 'data'), ended]);
      ended.catch(() => {});
    }),
  );
  return {stop: async () => void (await Promise.all(children.map(end)))};
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** `exchange` is renameat2(2) with RENAME_EXCHANGE; `put` makes one of the things that a name is swapped for. */
const COMMON = String.raw`
use strict; use POSIX; $| = 1;
my ($dir, $name, $file, $victims) = @ARGV; chdir $dir or die; my $count = 0; my $parent = getppid();
my $arm = (POSIX::uname())[4] eq 'aarch64';
sub exchange { my ($a, $b) = @_; syscall($arm ? 276 : 316, -100, $a, -100, $b, 2) }
sub away { my ($n) = @_; unlink $n or rmdir $n or rename $n, ".away$$-" . $count++ }
sub put { my ($n, $kind) = @_;
  if ($kind eq 'file') { symlink $file, $n } elsif ($kind eq 'directory') { symlink $victims, $n }
  elsif ($kind eq 'pipe') { mkfifo($n, 0666) } elsif ($kind eq 'own') { open my $f, '>', $n; print $f "own\n" }
  elsif ($kind eq 'directory') { mkdir $n } }
sub is { my ($n, $kind) = @_; lstat $n or return 0;
  return $kind eq 'file' || $kind eq 'directory' ? -l _ : $kind eq 'pipe' ? -p _ : $kind eq 'directory' ? -d _ : -f _ }
my @kinds = ('file', 'directory', 'pipe', 'own', 'directory');
`;

const SPIN = String.raw`
print "ready\n";
while (getppid() == $parent) { for my $kind (@kinds, 'hard') {
  my $other = $kind eq 'hard' ? '.h' : ".$kind"; 
  if ($kind ne 'hard' && !is($other, $kind)) { away($other); put($other, $kind) }
  lstat $other or next;
  if (!lstat $name) { rename $other, $name; next }
  exchange($name, $other); for (1 .. rand 400) {} exchange($name, $other);
} }`;

/** IN_OPEN, IN_CREATE, IN_MOVED_TO, IN_ATTRIB, IN_CLOSE_WRITE, IN_MODIFY. */
const WATCH = String.raw`
my $here = '.'; my $fd = syscall($arm ? 26 : 294, 0); syscall($arm ? 27 : 254, $fd, $here, 0x20 | 0x100 | 0x80 | 0x4 | 0x8 | 0x2);
open my $events, '<&=', $fd or die; print "ready\n"; my $turn = 0;
while (sysread $events, my $buffer, 65536) { while (length $buffer >= 16) {
  my ($wd, $mask, $cookie, $length) = unpack 'iIII', $buffer; my $n = unpack 'Z*', substr $buffer, 16, $length;
  substr($buffer, 0, 16 + $length) = '';
  next unless $n =~ /^\.infra-|^$name\.infra|^Cu/; my $kind = $kinds[$turn++ % @kinds];
  next if lstat $n and (stat _)[4] == $<; rename $n, ".taken" . $count++; put($n, $kind);
} }`;
