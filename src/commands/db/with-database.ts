import type {Project} from '../../local/project.js';
import {type Console, reportingFaults} from '../../session/console.js';
import {loadSession, type Session} from '../../session/session.js';
import {type OpenDatabase, openDatabase} from './open.js';
import type {DatabaseOptions} from './options.js';

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
      const session = await loadSession(project, options, out);
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
