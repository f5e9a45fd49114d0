import {type Command, sh} from '../shell/index.js';
import {account, fromHex, identifier, parseRows, runStatements, type ServerFamily} from '../tasks/mysql/client.js';
import {NOT_NEEDED, type OperationStep} from './operation.js';

/** Events that a replica got from its primary and does not run. MySQL has renamed the state. */
const NOT_RUN = `SELECT HEX(event_schema), HEX(event_name), HEX(definer) FROM information_schema.events
WHERE status IN ('SLAVESIDE_DISABLED', 'REPLICA_SIDE_DISABLED');`;

/**
 * Has a new primary run the events that the old one ran: a replica holds them as switched off. The statements are
 * replicated, and switch the same events off on every replica, so on the old primary too.
 */
export function runEvents(name: string, family: ServerFamily): OperationStep {
  return {
    host: name,
    text: 'run the events that the old primary ran',
    mayFail: true,
    run: async (hosts) => {
      const rows = parseRows(await hosts.ask(name, runStatements(family, [NOT_RUN])));
      if (rows.length === 0) return NOT_NEEDED;
      await hosts.ask(name, runStatements(family, [rows.map(switchOn).join('\n')]));
      return rows.map(([schema, event]) => `${fromHex(schema)}.${fromHex(event)}`).join(', ');
    },
  };
}

/** The account that changes an event becomes its definer, unless one is named. */
function switchOn([schema, event, definer]: readonly string[]): string {
  const [, user = '', host = ''] = /^(.*)@([^@]*)$/s.exec(fromHex(definer)) ?? [];
  return `ALTER DEFINER = ${account(user, host)} EVENT ${identifier(fromHex(schema))}.${identifier(fromHex(event))} ENABLE;`;
}

/** Says that infra has stopped the scheduler of events. */
const PAUSED = '/run/infra-database-events';

/**
 * Stops the scheduler before a server is closed: MariaDB runs events on a read-only server too, and writes there where
 * their definer may, as root may. {@link resumeEvents} starts it when the server takes writes.
 */
export function pauseEvents(family: ServerFamily): Command {
  if (family === 'mysql') return sh`true`;
  const isOn = sh`[ "$(${runStatements(family, ['SELECT @@GLOBAL.event_scheduler;'])})" = ON ]`;
  return sh`{ ! ${isOn} || { touch ${PAUSED} && ${runStatements(family, ['SET GLOBAL event_scheduler = OFF;'])}; }; }`;
}

/** Starts the scheduler again, where {@link pauseEvents} has stopped it. */
export function resumeEvents(family: ServerFamily): Command {
  return sh`{ [ ! -e ${PAUSED} ] || { ${runStatements(family, ['SET GLOBAL event_scheduler = ON;'])} && rm -f ${PAUSED}; }; }`;
}
