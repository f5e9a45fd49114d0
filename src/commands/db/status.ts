import type {Project} from '../../local/project.js';
import {severalLines} from '../../model/index.js';
import {openConsole, reportingFaults} from '../../session/console.js';
import {headStart} from '../../session/head-start.js';
import {loadSession} from '../../session/session.js';
import {statusOf} from './describe-status.js';
import {openDatabase} from './open.js';
import type {DatabaseOptions} from './options.js';
import {renderStatus} from './render-status.js';

/** Shows what each database server says of itself. Returns the exit code: 1 when something needs an operator. */
export function status(project: Project, options: DatabaseOptions): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(
    out,
    async () => {
      const session = await loadSession(project, options, out, headStart(project, options));
      const database = await openDatabase(session);
      await database.close();
      const seen = statusOf(database.site);
      if (options.format === 'json') out.print(severalLines(`${JSON.stringify(seen, undefined, 2)}\n`));
      else out.print(renderStatus(seen));
      return seen.problems.length > 0 ? 1 : 0;
    },
    options.playbook,
  );
}
