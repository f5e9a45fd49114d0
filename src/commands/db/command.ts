import {Command, InvalidArgumentError, Option} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';
import type {RestoreOptions} from './backup.js';
import type {DatabaseOptions, OperationOptions} from './options.js';

const HELP = `
Which server is the primary is read from the servers themselves: the inventory names only the first one. Every command
that changes something shows its steps and asks, locks the servers against other runs, and is on record: infra runs. When
one is killed, run it again: it finishes what was begun, or begins again.

Examples:
  infra db status                     who takes writes, who follows, what needs you
  infra db switchover                 another primary, without losing a write: before maintenance
  infra db failover                   a new primary, because the old one is down
  infra db rejoin db1                 the old primary is back: it becomes a replica
  infra db backup --list              what can be restored
  infra db restore --to db1 --verify  try the newest backup

Exit codes: 0 fine, 1 a failure or a problem, 130 interrupted. docs/database.md has each situation and its command.`;

/** `infra db`: operations of the database. */
export function dbCommand(project: Project): Command {
  const command = new Command('db')
    .description('operate the database: status, switchover, failover, rejoin, backup, restore')
    .addHelpText('after', HELP);
  for (const each of [status, switchover, failover, rejoin, backup, restore]) command.addCommand(each(project));
  return command;
}

function addCommon(command: Command): Command {
  return command
    .option('-i, --inventory <file>', 'inventory file (default: $INFRA_INVENTORY, or the only one in inventory/)')
    .option('-p, --playbook <file>', 'playbook file', 'playbooks/site.ts')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('-v, --verbose', 'also commands; -vvv: also connections and times', (_, count: number) => count + 1, 0);
}

function addOperation(command: Command): Command {
  return addCommon(command)
    .option('-y, --yes', 'do not ask')
    .option('-C, --check', 'only show the steps')
    .option('--lock-timeout <seconds>', 'wait this long for servers that another run has locked', seconds, 0);
}

function status(project: Project): Command {
  return addCommon(new Command('status'))
    .description('what each server says of itself, and what needs you')
    .addHelpText('after', examples('infra db status', 'infra db status --format json'))
    .action(async (options: DatabaseOptions) => {
      const {status: run} = await import('./status.js');
      project.exitWith(await run(project, options));
    });
}

function switchover(project: Project): Command {
  return addOperation(new Command('switchover'))
    .description('make a replica the primary while both are up; no acknowledged write is lost')
    .argument('[host]', 'the replica (default: the one that is least behind)')
    .addHelpText('after', examples('infra db switchover', 'infra db switchover db2 --check', 'infra db switchover db2 --yes'))
    .action(async (to: string | undefined, options: OperationOptions) => {
      const {switchOver} = await import('./run.js');
      project.exitWith(await switchOver(project, to, options));
    });
}

function failover(project: Project): Command {
  return addOperation(new Command('failover'))
    .description('make a replica the primary because the old one is down')
    .argument('[host]', 'the replica (default: the one that has received most)')
    .option('--accept-loss', 'go on although acknowledged writes may be lost')
    .addHelpText(
      'after',
      examples('infra db failover', 'infra db failover db2 --yes', 'infra db failover --accept-loss      what asynchronous replication needs'),
    )
    .action(async (to: string | undefined, options: OperationOptions) => {
      const {failOver} = await import('./run.js');
      project.exitWith(await failOver(project, to, options));
    });
}

function rejoin(project: Project): Command {
  return addOperation(new Command('rejoin'))
    .description('attach a server to the primary again, saving what it alone has')
    .argument('<host>', 'the old primary, or a replica that was left behind')
    .addHelpText('after', examples('infra db rejoin db1'))
    .action(async (name: string, options: OperationOptions) => {
      const {rejoin: run} = await import('./run.js');
      project.exitWith(await run(project, name, options));
    });
}

function backup(project: Project): Command {
  return addOperation(new Command('backup'))
    .description('make a backup now, or list what there is')
    .argument('[host]', 'the server (default: the one whose turn it would be)')
    .option('-l, --list', 'what can be restored, and when it was last tried')
    .addHelpText('after', examples('infra db backup --list', 'infra db backup', 'infra db backup db2'))
    .action(async (host: string | undefined, options: OperationOptions & {list?: boolean}) => {
      const {backUp, listBackups} = await import('./backup.js');
      project.exitWith(await (options.list ? listBackups(project, options) : backUp(project, host, options)));
    });
}

function restore(project: Project): Command {
  return addOperation(new Command('restore'))
    .description('restore a backup on a server, or only try it')
    .argument('[backup]', 'its name (default: the newest)')
    .requiredOption('--to <host>', 'the server that gets it')
    .option('--until <time>', "with binary logs, up to '2026-11-30 12:00:00' (UTC, or with an offset)")
    .option('--verify', 'only try it: open it next to the data, check and count each table, delete it')
    .option('--identity <file>', "the age identity that opens the backup (default: the project's own)")
    .option('--overwrite', 'replace the data of the server')
    .addHelpText(
      'after',
      examples(
        'infra db restore --to db2 --verify',
        'infra db restore --to db1 --overwrite',
        "infra db restore --to db1 --until '2026-11-30 12:04:00' --overwrite",
      ),
    )
    .action(async (name: string | undefined, options: RestoreOptions) => {
      const {restoreBackup} = await import('./backup.js');
      project.exitWith(await restoreBackup(project, name, options));
    });
}

function seconds(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Give a whole number of seconds.');
  return Number(value);
}
