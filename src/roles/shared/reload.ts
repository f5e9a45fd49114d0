import type {Handler} from '../../model/index.js';
import {sh, showAs} from '../../shell/index.js';
import {reload} from '../../tasks/index.js';

/**
 * Reloads a daemon whose main process replaces its workers, and fails unless it does so within five seconds. HAProxy
 * and Nginx take the signal, find out only then that they cannot use the new configuration (a port in use, too few open
 * files), and keep the old one while `systemctl reload` reports success. `log`: where the reason is, besides the
 * journal.
 */
export function reloadWorkers(name: string, log = '/dev/null'): Handler {
  const {id, command} = reload(name);
  const show = (property: string) => sh`systemctl show --property=${property} --value -- ${name}.service`;
  return {
    id,
    command: showAs(
      String(command),
      sh`(now=$(date +%s); main=$(${show('MainPID')}); workers=/proc/$main/task/$main/children
before=" $(cat "$workers" 2>/dev/null)"
${command} || exit
[ "$main" -gt 0 ] && [ "$(${show('MainPID')})" = "$main" ] && [ -e "$workers" ] || exit 0
for try in $(seq 50); do
  for worker in $(cat "$workers"); do
    case $before in *" $worker "*) continue;; esac
    case $(${show('StatusText')}) in ''|Ready.) exit 0;; esac
  done
  sleep 0.1
done
{ journalctl --unit=${name}.service --since="@$now" --no-pager --quiet --output=cat --lines=15; tail -n 2 ${log}
echo ${`${name} could not use the new configuration and keeps the old one`}; } >&2
exit 1)`,
    ),
  };
}

/** Makes systemd read its units again: systemd 252 does not notice by itself that a unit got its first drop-in. */
export const RELOAD_SYSTEMD: Handler = {id: 'reload systemd', command: sh`systemctl daemon-reload`};
