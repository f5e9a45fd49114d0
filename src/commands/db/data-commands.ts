import {Command, InvalidArgumentError} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';
import type {RestoreOptions} from './backup.js';
import {addCommon, addOperation} from './common-options.js';
import type {DatabaseOptions, OperationOptions, SeedOptions} from './options.js';

/** `infra db seed`. */
export function seedCommand(project: Project): Command {
  return addOperation(new Command('seed'))
    .description("replace a server's data by a copy of another server, which goes on serving")
    .argument('<server>', 'the server that gets the copy')
    .option('--from <server>', 'the server that is copied (default: a replica that is in step, else the primary)')
    .option('--rate <megabytes>', 'the most MB a second (default: 60, half of what 1 Gbit/s carries)', megabytes)
    .option('--no-compare', 'do not compare the tables at the end')
    .addHelpText(
      'after',
      examples(
        'infra db seed db2                      from a replica that is in step, else the primary',
        'infra db seed db2 --check              what would be replaced',
        'infra db seed db2 --from db3 --rate 20',
      ),
    )
    .action(async (name: string, options: SeedOptions) => {
      const {seed: run} = await import('./run.js');
      project.exitWith(await run(project, name, options));
    });
}

/** `infra db check`. */
export function checkCommand(project: Project): Command {
  return addCommon(new Command('check'))
    .description(
      'compare the tables and definitions of the replicas with those of the primary, while all of them serve',
    )
    .argument('[replicas...]', 'the replicas (default: all)')
    .addHelpText(
      'after',
      examples(
        'infra db check                       exit code 1: they differ, or not all could be compared',
        'infra db check db2 --format json',
      ),
    )
    .action(async (names: readonly string[], options: DatabaseOptions) => {
      const {check: run} = await import('./check.js');
      project.exitWith(await run(project, names, options));
    });
}

function megabytes(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('Give a whole number of MB a second.');
  return Number(value);
}

/** `infra db backup`. */
export function backupCommand(project: Project): Command {
  return addOperation(new Command('backup'))
    .description('make a backup now, or list what there is')
    .argument('[server]', 'the server (default: the one whose turn it would be)')
    .option('-l, --list', 'what can be restored, and when it was last tried')
    .addHelpText(
      'after',
      examples(
        'infra db backup --list               what there is, how old, and when it was last tried',
        'infra db backup                      now, on the server whose turn it would be',
        'infra db backup db2',
      ),
    )
    .action(async (host: string | undefined, options: OperationOptions & {list?: boolean}) => {
      const {backUp, listBackups} = await import('./backup.js');
      project.exitWith(await (options.list ? listBackups(project, options) : backUp(project, host, options)));
    });
}

/** `infra db restore`. */
export function restoreCommand(project: Project): Command {
  return addOperation(new Command('restore'))
    .description('restore a backup on a server, or only try it')
    .argument('[backup]', 'its name (default: the newest)')
    .requiredOption('--to <server>', 'the server that gets it')
    .option('--until <time>', "with binary logs, up to '2026-11-30 12:00:00' (UTC, or with an offset)")
    .option('--verify', 'only try it: open it next to the data, check and count each table, delete it')
    .option('--identity <file>', "the age identity that opens the backup (default: the project's own)")
    .option('--overwrite', 'replace the data of the server')
    .addHelpText(
      'after',
      examples(
        'infra db restore --to db2 --verify      try the newest; the data of db2 is not touched',
        'infra db restore --to db1 --overwrite   replace the data of db1 by the newest',
        "infra db restore --to db1 --until '2026-11-30 12:04:00' --overwrite",
      ),
    )
    .action(async (name: string | undefined, options: RestoreOptions) => {
      const {restoreBackup} = await import('./backup.js');
      project.exitWith(await restoreBackup(project, name, options));
    });
}
