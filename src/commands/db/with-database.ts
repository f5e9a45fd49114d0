import type {Project} from '../../local/project.js';
import {type Console, reportingFaults} from '../../session/console.js';
import {headStart} from '../../session/head-start.js';
import {loadSession, type Session} from '../../session/session.js';
import {openTransport} from '../../session/transport.js';
import {type OpenDatabase, openDatabase} from './open.js';
import type {DatabaseOptions} from './options.js';

/**
 * Seconds for the TCP connection to a host. A kernel that lives answers at once, however busy the host is, and three
 * packets have been sent by then (after 0, 1 and 3 s). Every host is waited for, also the one that a failover is about:
 * with the usual 20 s, writes would stand still for all of them.
 */
const DIAL_SECONDS = 5;

/** Opens the database of a project for a command, and closes it whatever happens. Returns the command's exit code. */
export function withDatabase(
  project: Project,
  options: DatabaseOptions,
  out: Console,
  use: (database: OpenDatabase, session: Session) => Promise<number>,
): Promise<number> {
  return reportingFaults(
    out,
    async () => {
      const transport = openTransport(project, {dialSeconds: DIAL_SECONDS});
      const session = await loadSession(project, options, out, headStart(project, options, transport));
      const database = await openDatabase(session);
      try {
        return await use(database, session);
      } finally {
        await database.close();
      }
    },
    options.playbook,
  );
}
