import type {Handler} from '../../model/index.js';
import {type Command, sh, showAs} from '../../shell/index.js';
import {restart} from '../systemd/handlers.js';
import {runStatements, type ServerFamily} from './client.js';
import {openWrites, SEMI_SYNC} from './writes.js';

/**
 * Restarts a server, and has it take writes again if it took writes before: it starts read-only, but infra knows what it
 * was a moment ago. Its writes wait for replicas again if they did, or if replicas were attached and the option file
 * says so now. A server that was read-only or stopped stays so; so does one whose restart takes longer than
 * {@link LONGEST}, with an error, since another one may have become the primary in the meantime.
 */
export function restartServer(family: ServerFamily, service: string): Handler {
  const {id, command, recover = command} = restart(service);
  const state = `/run/infra-writable-${service}`;
  const note = sh`date +%s >${state}; ${runStatements(family, [stateQuery(family)])} >>${state} 2>/dev/null`;
  return {
    id,
    command: showAs(String(command), sh`{ ${note}; ${command}; } && { ${reopen(family, state)}; }`),
    recover: sh`${recover} && { ${reopen(family, state)}; }`,
  };
}

/** Seconds. Less than the shortest time after which a failover may begin. */
const LONGEST = 30;

/** Prints `writable`, and `waits` if the writes of replicas wait for them now or may from now on. */
function stateQuery(family: ServerFamily): string {
  return `SELECT 'writable' FROM DUAL WHERE @@GLOBAL.read_only IN ('0', 'OFF');
SELECT 'waits' FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%' LIMIT 1;
SELECT 'waits' FROM ${VARIABLES[family]} WHERE variable_name = '${SEMI_SYNC[family].source}' AND variable_value = 'ON';`;
}

const VARIABLES: Readonly<Record<ServerFamily, string>> = {
  mariadb: 'information_schema.global_variables',
  mysql: 'performance_schema.global_variables',
};

function reopen(family: ServerFamily, state: string): Command {
  const open = (semiSync: boolean) => runStatements(family, [openWrites(family, {semiSync})]);
  return sh`read -r began <${state}; was=$(cat ${state}); rm -f ${state}
case $was in
  *writable*)
    took=$(($(date +%s) - began))
    if [ $took -gt ${LONGEST} ]; then
      echo "The server took writes before, and its restart took $took s. It is read-only now: another server may have become the primary." >&2
      false
    elif case $was in *waits*) true ;; *) false ;; esac; then ${open(true)}
    else ${open(false)}
    fi ;;
esac`;
}
