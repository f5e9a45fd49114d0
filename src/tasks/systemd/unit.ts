import {type Command, raw, sh, showAs} from '../../shell/index.js';

/** The full name of a unit: what has no known ending is a service (systemctl does the same). */
export function unitName(name: string): string {
  return KINDS.test(name) ? name : `${name}.service`;
}

const KINDS = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/**
 * A command on a unit that, when it fails, prints the unit's status, what it wrote to the journal at its last start,
 * each line once, and which programs use the ports that it could not get.
 */
export function withJournal(unit: string, command: Command): Command {
  return showAs(
    String(command),
    sh`{ ${command} || {
r=$?; systemctl status --no-pager --lines=0 -- ${unit} >&2
start=$(systemctl show --property=InvocationID --value -- ${unit})
if [ "$start" ]; then set -- _SYSTEMD_INVOCATION_ID="$start" + INVOCATION_ID="$start"; else set -- -u ${unit}; fi
said=$(journalctl --no-pager --quiet --output=cat -n 60 "$@" | awk '!told[$0]++' | tail -n 20)
printf '%s\n' "$said" >&2
${holdersOf(raw(PORTS))} >&2
(exit $r); }; }`,
  );
}

/** Of `bind() to 0.0.0.0:80 failed (98: Address already in use)`, `[0.0.0.0:80]`, `running on port: 3306`. */
const PORTS = `$(printf '%s\\n' "$said" | grep -i -e 'address already in use' -e 'already have another' |
  grep -o '\\([]0-9*]\\|port\\): *[0-9][0-9]*' | grep -o '[0-9]*$' | sort -un)`;

/** A program that listens on a port of all addresses. */
interface PortHolder {
  readonly port: number;
  readonly program: string;
  readonly pid: number;
  /** Its systemd service, where it belongs to one. */
  readonly unit: string | undefined;
}

/**
 * Prints a line for each of these TCP ports (`$ports`, words) that a program has on all addresses: what
 * {@link parsePortHolders} reads. Nothing where the program `ss` is missing. A listener on one address alone may be
 * meant to share the port with others, and is left out.
 */
export const holdersOf = (ports: Command): Command => sh`for port in ${ports}; do
${raw(HOLDER)}
done`;

// ss(8): state, queues, local address, peer, users:(("apache2",pid=812,fd=4)).
const HOLDER = `  ss -Hltnp "sport = :$port" 2>/dev/null | while read -r state received sent local peer users; do
    case $local in '*:'*|'0.0.0.0:'*|'[::]:'*) ;; *) continue;; esac
    pid=\${users#*pid=}; pid=\${pid%%,*}
    read -r program <"/proc/$pid/comm" || continue
    unit=$(sed -n 's|.*/\\([^/]*[.]service\\)$|\\1|p' "/proc/$pid/cgroup" | head -n 1)
    echo "port $port is used by $program (pid $pid) $unit"
    break
  done`;

/** What {@link holdersOf} printed, among other lines. */
export function parsePortHolders(text: string): readonly PortHolder[] {
  const lines = text.matchAll(/^port (\d+) is used by (.+) \(pid (\d+)\) ?(\S*)$/gm);
  return [...lines].map(([, port, program = '', pid, unit]) => ({
    port: Number(port),
    program,
    pid: Number(pid),
    unit: unit === '' ? undefined : unit,
  }));
}

/** The program that uses the port of a unit, and the next step. */
export function explainHolder({port, program, pid, unit}: PortHolder, wanting: string) {
  const stop = unit === undefined ? '.' : `:\nsystemctl disable --now ${unit}`;
  return {
    message: `port ${port} is used by ${program} (pid ${pid})`,
    hint: `If ${program} is not needed, stop it on the host${stop}\nElse give ${wanting} another port.`,
  };
}
