import {type Command, sh} from '../shell/index.js';

/** A TCP port on which a server listens, on any of its addresses. */
export interface Listener {
  readonly port: number;
  /** Name of the process, `apache2`; empty where it is not to be found out. */
  readonly program: string;
  /** The system's unit that the process belongs to, `apache2.service`; empty where it belongs to none. */
  readonly unit: string;
}

/**
 * Prints `socket ADDRESS:PORT INODE` for each listening TCP socket and `holder socket:[INODE] CGROUP PROGRAM` for each
 * process that holds one. From /proc alone, as `ss` is not everywhere: proc(5), proc_pid_net(5); state 0A is LISTEN.
 */
export const listeningProbe: Command = sh`set --
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] || continue
  while read -r slot local remote state queue timer retransmit uid timeout inode rest; do
    [ "$state" = 0A ] || continue
    printf 'socket %s %s\n' "$local" "$inode"
    set -- "$@" -e "socket:[$inode]"
  done <"$table"
done
[ "$1" ] || exit 0
find /proc/[0-9]*/fd -lname 'socket:*' -printf '%l %h/..\n' 2>/dev/null | grep -F "$@" | sort -u |
while read -r socket process; do
  { read -r program <"$process/comm" && group=$(grep '^0::' "$process/cgroup"); } 2>/dev/null || continue
  printf 'holder %s %s %s\n' "$socket" "$group" "$program"
done`;

/** By port, each program once. Lines of another form are passed over. */
export function parseListening(text: string): readonly Listener[] {
  const sockets = [...text.matchAll(/^socket [\dA-F]{1,32}:([\dA-F]{4}) (\d{1,20})$/gm)];
  const ports = new Map(sockets.map(([, port = '', inode = '']) => [inode, Number.parseInt(port, 16)]));
  const free = new Map(ports);
  const held = [...text.matchAll(/^holder socket:\[(\d{1,20})\] 0::(\S*) (.*)$/gm)].flatMap(([, inode = '', ...by]) => {
    const port = ports.get(inode);
    free.delete(inode);
    const [group = '', program = ''] = by;
    return port === undefined ? [] : [{port, program, unit: unitOf(group)}];
  });
  const listeners = [...held, ...[...free.values()].map((port) => ({port, program: '', unit: ''}))];
  const distinct = new Map(listeners.map((listener) => [Object.values(listener).join(' '), listener]));
  return [...distinct.values()].sort((left, right) => left.port - right.port);
}

/** Only a unit of the system itself: `/system.slice/a.slice/b.service`. */
function unitOf(group: string): string {
  return /^\/system\.slice\/(?:[^/]+\.slice\/)*([^/]+\.service)/.exec(group)?.[1] ?? '';
}
