import {type Command, raw, sh, showAs} from '../../shell/index.js';
import {holdersOf} from './port-holders.js';

/**
 * A command on a unit that, when it fails, says how the unit is, what it wrote to the journal at its last start, each
 * line once, and who has the ports that it could not get.
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
