import type {Project} from '../../local/project.js';
import {severalLines} from '../../model/index.js';
import {openConsole} from '../../session/console.js';
import {statusOf} from './describe-status.js';
import type {DatabaseOptions} from './options.js';
import {renderStatus} from './render-status.js';
import {withDatabase} from './with-database.js';

/** Shows what each database server says of itself. Returns the exit code: 1 when something needs an operator. */
export function status(project: Project, options: DatabaseOptions): Promise<number> {
  const out = openConsole(project);
  return withDatabase(project, options, out, async ({site, readWatchers}) => {
    const seen = statusOf(site, await readWatchers());
    if (options.format === 'json') out.print(severalLines(`${JSON.stringify(seen, undefined, 2)}\n`));
    else out.print(renderStatus(seen));
    return seen.problems.length > 0 ? 1 : 0;
  });
}
