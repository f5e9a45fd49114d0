import {type Command, sh} from '../shell/index.js';

/** A TCP port on which a server listens, on any of its addresses. */
export interface Listener {
  readonly port: number;
  /** Name of the process, `apache2`; empty where it is not to be found out. */
  readonly program: string;
  /** The systemd unit that it belongs to, `apache2.service`; empty where it belongs to none. */
  readonly unit: string;
}

/**
 * Prints `socket ADDRESS:PORT INODE` (hexadecimal) for each listening TCP socket and
 * `holder INODE PROGRAM CGROUP` for each process that holds one. From /proc alone: `ss` is not everywhere.
 * Format: proc(5), proc_pid_net(5); state 0A is TCP_LISTEN.
 */
export const listeningProbe: Command = sh`wanted=
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] || continue
  while read -r slot local remote state queue timer retransmit uid timeout inode rest; do
    [ "$state" = 0A ] || continue
    printf 'socket %s %s\n' "$local" "$inode"
    wanted="$wanted
socket:[$inode]"
  done <"$table"
done
[ "$wanted" ] || exit 0
find /proc/[0-9]*/fd -lname 'socket:*' -printf '%h %l\n' 2>/dev/null | grep -Fx -e "$wanted" 2>/dev/null | sort -u
`;

export function parseListening(_text: string): readonly Listener[] {
  return [];
}
