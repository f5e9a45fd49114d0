import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';
import {addCommon, addOperation} from './common-options.js';
import {backupCommand, checkCommand, restoreCommand, seedCommand} from './data-commands.js';
import type {DatabaseOptions, OperationOptions} from './options.js';

const HELP = `
Which server is the primary is read from the servers themselves: the inventory names only the first one. Every command
that changes something shows its steps and asks, locks the servers against other runs, and is on record: infra runs. When
one is killed, run it again: it finishes what was begun, or begins again.

Examples:
  infra db status                     who takes writes, who follows, what needs you
  infra db failover                   a new primary, because the old one is down
  infra db rejoin db1                 the old primary is back: it becomes a replica
  infra db switchover                 another primary, without losing a write: before maintenance
  infra db seed db2                   a replica gets all of its data again
  infra db check                      are the replicas equal?
  infra db backup --list              what can be restored
  infra db restore --to db1 --verify  try the newest backup

Exit codes: 0 fine, 1 a failure or a problem, 130 interrupted. docs/database.md has each situation and its command.`;

/** `infra db`: operations of the database. */
export function dbCommand(project: Project): Command {
  const command = new Command('db')
    .description('operate the database: status, switchover, failover, rejoin, seed, check, backup, restore')
    .addHelpText('after', HELP);
  const data = [seedCommand, checkCommand, backupCommand, restoreCommand];
  for (const each of [status, switchover, failover, rejoin, ...data]) command.addCommand(each(project));
  return command;
}

function status(project: Project): Command {
  return addCommon(new Command('status'))
    .description('what each server says of itself, and what needs you')
    .addHelpText(
      'after',
      examples(
        'infra db status                      exit code 1: something needs you',
        'infra db status --format json        for a program',
      ),
    )
    .action(async (options: DatabaseOptions) => {
      const {status: run} = await import('./status.js');
      project.exitWith(await run(project, options));
    });
}

function switchover(project: Project): Command {
  return addOperation(new Command('switchover'))
    .description('make a replica the primary while both are up; no acknowledged write is lost')
    .argument('[server]', 'the replica (default: the one that is least behind)')
    .addHelpText(
      'after',
      examples(
        'infra db switchover                  to the replica that is least behind',
        'infra db switchover db2 --check      only the steps',
        'infra db switchover db2 --yes        without a question',
      ),
    )
    .action(async (to: string | undefined, options: OperationOptions) => {
      const {switchOver} = await import('./run.js');
      project.exitWith(await switchOver(project, to, options));
    });
}

function failover(project: Project): Command {
  return addOperation(new Command('failover'))
    .description('make a replica the primary because the old one is down')
    .argument('[server]', 'the replica (default: the one that has received most)')
    .option('--accept-loss', 'go on although acknowledged writes may be lost')
    .addHelpText(
      'after',
      examples(
        'infra db failover                    refused where acknowledged writes could be lost',
        'infra db failover --accept-loss      also then: asynchronous replication needs it',
        'infra db failover db1                db1 is the primary, is up and takes no writes: open it again',
      ),
    )
    .action(async (to: string | undefined, options: OperationOptions) => {
      const {failOver} = await import('./run.js');
      project.exitWith(await failOver(project, to, options));
    });
}

function rejoin(project: Project): Command {
  return addOperation(new Command('rejoin'))
    .description('attach a server to the primary again, saving what it alone has')
    .argument('<server>', 'the old primary, or a replica that was left behind')
    .addHelpText('after', examples('infra db rejoin db1', 'infra db rejoin db1 --check          only the steps'))
    .action(async (name: string, options: OperationOptions) => {
      const {rejoin: run} = await import('./run.js');
      project.exitWith(await run(project, name, options));
    });
}
