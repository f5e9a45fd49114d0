import {RUN, STATE} from './places.js';

/**
 * What the programs of a seed share, in POSIX sh: `role` is set before it is read.
 *
 * `say PHASE` replaces the file that says how far this side is; `fail WORDS` does so with the reason. `places` sets `d`,
 * the data directory, `s`, where the copy is received, and `o`, where the old data goes: both next to the data directory,
 * or inside it where that is a file system of its own, so that a move is a rename and needs no space.
 */
export const COMMON = `run=${RUN} state=${STATE}
umask 077
say() { printf '%s\\n' "$1" >"$state/$role.new" && mv -f "$state/$role.new" "$state/$role"; }
phase() { cat "$state/$role" 2>/dev/null || echo none; }
fail() { printf '%s\\n' "$1" >"$state/$role.error"; say failed; exit 1; }
places() {
  d=$({ mariadbd --help --verbose || mysqld --help --verbose; } 2>/dev/null | sed -n 's/^datadir  *//p')
  d=$(readlink -e "\${d:-/var/lib/mysql}") && [ "$d" != / ] || { echo 'the data directory is not there' >&2; return 1; }
  if [ "$(stat -c %d "$d")" = "$(stat -c %d "\${d%/*}/")" ] && ! mountpoint -q "$d"
  then s=$d.seed o=$d.before-seed
  else s=$d/.infra-seed o=$d/.infra-before-seed; fi
}
`;

/**
 * Passes standard input on, at most `LIMIT` bytes a second (0: any number), and writes the number of bytes to `FILE`
 * every second. perl-base is Essential in Debian, and has no clock finer than a second; the kernel's uptime is one. After a pause of
 * the source it does not catch up in a burst.
 */
export const METER = `use strict;
my ($limit, $file) = @ARGV;
my ($n, $told, $due) = (0, 0, now());
sub now { open my $f, '<', '/proc/uptime' or return time; my $l = <$f>; $l =~ /^(\\S+)/ ? $1 : time }
sub told { open my $f, '>', "$file.new" or return; print $f "$n\\n"; close $f; rename "$file.new", $file; $told = time }
while (my $r = sysread STDIN, my $b, 262144) {
  for (my $o = 0; $o < $r; ) { my $w = syswrite STDOUT, $b, $r - $o, $o; defined $w or exit 1; $o += $w }
  $n += $r;
  told() if time != $told;
  next unless $limit;
  my $ahead = ($due += $r / $limit) - now();
  if ($ahead > 0.02) { select undef, undef, undef, $ahead } elsif ($ahead < -0.5) { $due = now() }
}
told();
`;

/**
 * Says every two seconds how far a side is, until it has got to one of `ENDS` (exit code 0), has failed, or its unit has
 * ended (1). The rate is that of the last ten seconds.
 */
export const FOLLOW = `use strict; $| = 1;
my ($role, $ends, $total) = @ARGV;
my ($run, $state) = ('${RUN}', '${STATE}');
sub word { open my $f, '<', $_[0] or return $_[1]; my $l = <$f>; defined $l or return $_[1]; chomp $l; $l }
sub size { my $n = shift; my @u = ('B', 'kB', 'MB', 'GB', 'TB'); my $i = 0; while ($n >= 1000 && $i < 4) { $n /= 1000; $i++ } sprintf $n < 10 && $i ? '%.1f %s' : '%.0f %s', $n, $u[$i] }
sub span { my $s = int shift; $s < 90 ? "$s s" : $s < 5400 ? int($s / 60 + 0.5) . ' min' : int($s / 3600 + 0.5) . ' h' }
my ($last, @seen) = ('');
for (;;) {
  my $phase = word("$state/$role", 'none');
  my ($n, $of) = split / /, word("$run/$role.bytes", '0');
  $of ||= $total;
  push @seen, [time, $n]; shift @seen while @seen > 6;
  my $line = $phase;
  if ($n > 0 && $phase =~ /ing$/) {
    $line = "$phase: " . size($n);
    if ($of) { my $p = int(100 * $n / $of); $line .= ' of about ' . size($of) . ' (' . ($p > 99 ? 99 : $p) . ' %)' }
    my ($t, $d) = ($seen[-1][0] - $seen[0][0], $n - $seen[0][1]);
    if ($t > 0 && $phase ne 'preparing') { my $r = $d / $t; $line .= ', ' . size($r) . '/s'; $line .= ', ' . span(($of - $n) / $r) . ' left' if $r > 0 && $of > $n }
  }
  print "$line\\n" if $line ne $last; $last = $line;
  exit 0 if grep { $_ eq $phase } split /,/, $ends;
  my $failed = $phase eq 'failed';
  if (!$failed && system("systemctl is-active --quiet infra-seed-$role")) {
    exit 0 if grep { $_ eq word("$state/$role", 'none') } split /,/, $ends;
    $failed = 1;
  }
  if ($failed) {
    print STDERR word("$state/$role", 'none') eq 'failed' ? do { local (@ARGV, $/) = ("$state/$role.error"); <> } : "infra-seed-$role ended while $phase\\n";
    exit 1;
  }
  select undef, undef, undef, 2;
}
`;
