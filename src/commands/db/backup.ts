import {planBackup} from '../../database/backup/plan-backup.js';
import {chooseRestore, planRestore, readStored} from '../../database/backup/plan-restore.js';
import {type Tried, triedBackup} from '../../database/backup/tried.js';
import type {Project} from '../../local/project.js';
import {HostError, paint, type StyledText, severalLines, styled} from '../../model/index.js';
import {pad, widthOf} from '../../renderers/index.js';
import {openConsole} from '../../session/console.js';
import {hostsOver} from './hosts.js';
import type {OpenDatabase} from './open.js';
import {openBackup, parseUntil} from './open-backup.js';
import type {DatabaseOptions, OperationOptions} from './options.js';
import {operate} from './run-operation.js';
import {withDatabase} from './with-database.js';

/** The options of `infra db restore`. */
export interface RestoreOptions extends OperationOptions {
  readonly to: string;
  readonly until?: string;
  readonly verify?: boolean;
  readonly overwrite?: boolean;
  /** The file of an age identity. */
  readonly identity?: string;
}

/** Makes a backup now. Returns the exit code. */
export function backUp(project: Project, host: string | undefined, options: OperationOptions): Promise<number> {
  return operate(project, {...options, yes: true}, (site) => planBackup(site, host));
}

/** Restores a backup, or tries it. Returns the exit code. */
export function restoreBackup(
  project: Project,
  backup: string | undefined,
  {until, identity, ...options}: RestoreOptions,
): Promise<number> {
  return operate(project, options, async (site, _run, _session, hosts) => {
    const {to, verify, overwrite} = options;
    const request = {backup, to, verify, overwrite, until: until === undefined ? undefined : parseUntil(until)};
    const choice = chooseRestore(await readStored(to, hosts), request);
    return planRestore(site, request, await openBackup(project, choice, identity));
  });
}

/** A backup in the list. */
interface Listed {
  readonly file: string;
  readonly start: string;
  readonly bytes: number;
  readonly madeOn: string;
  /** The servers that can read it. */
  readonly seenFrom: readonly string[];
  readonly tried: Tried | null;
}

/** Shows the backups that the database servers find. Returns the exit code: 1 when there is none. */
export function listBackups(project: Project, options: DatabaseOptions): Promise<number> {
  const out = openConsole(project);
  return withDatabase(project, options, out, async (database) => {
    const found = await findBackups(database, out.notice);
    if (options.format === 'json') out.print(severalLines(`${JSON.stringify(found, undefined, 2)}\n`));
    else out.print(renderBackups(found, project.now().getTime()));
    return found.length > 0 ? 0 : 1;
  });
}

async function findBackups(database: OpenDatabase, notice: (text: string) => void): Promise<readonly Listed[]> {
  const hosts = hostsOver(database, () => {}, 'backup');
  const found = new Map<string, Listed>();
  for (const {host, isReached} of database.site.servers) {
    if (!isReached) continue;
    try {
      const [{backups}, tried] = [await readStored(host.name, hosts), await triedBackup(host.name, hosts)];
      for (const {file, start, bytes, host: madeOn} of backups) {
        const old = found.get(file);
        const own = tried?.file === file ? tried : null;
        found.set(file, {
          file,
          start,
          bytes,
          madeOn,
          seenFrom: [...(old?.seenFrom ?? []), host.name],
          tried: own ?? old?.tried ?? null,
        });
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      notice(`${host.name} does not say which backups it finds. Has the role databaseBackup been applied there?`);
    }
  }
  return [...found.values()].sort((one, other) => (one.start < other.start ? 1 : -1));
}

function renderBackups(found: readonly Listed[], now: number): StyledText {
  if (found.length === 0) return styled`${paint('yellow', 'There is no backup.')}\n`;
  const width = Math.max(...found.map(({file}) => widthOf(file)));
  const lines = found.map(({file, start, bytes, madeOn, seenFrom, tried}) => {
    const words = tried ? `tried ${tried.time}: ${tried.result}, ${tried.seconds} s` : 'never tried';
    const age = `${((now - Date.parse(start)) / 3_600_000).toFixed(1)} h old`;
    return `${pad(file, width)}  ${age}  ${(bytes / 1e6).toFixed(1)} MB  of ${madeOn}, read by ${seenFrom.join(', ')}  ${words}`;
  });
  return severalLines(`${lines.join('\n')}\n`);
}
