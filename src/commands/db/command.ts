import {Command, InvalidArgumentError, Option} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';
import type {DatabaseOptions, OperationOptions, SeedOptions} from './options.js';

const HELP = `
Which server is the primary is read from the servers themselves: the inventory names only the first one. Every command
that changes something shows its steps and asks, locks the servers against other runs, and is on record: infra runs. When
one is killed, run it again: it finishes what was begun, or begins again.

Examples:
  infra db status                     who takes writes, who follows, what needs you
  infra db switchover                 another primary, without losing a write: before maintenance
  infra db failover                   a new primary, because the old one is down
  infra db rejoin db1                 the old primary is back: it becomes a replica

Exit codes: 0 fine, 1 a failure or a problem, 130 interrupted. docs/database.md has each situation and its command.`;

/** `infra db`: operations of the database. */
export function dbCommand(project: Project): Command {
  const command = new Command('db')
    .description('operate the database: status, switchover, failover, rejoin, seed, check')
    .addHelpText('after', HELP);
  for (const each of [status, switchover, failover, rejoin, seed, check]) command.addCommand(each(project));
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
    .addHelpText(
      'after',
      examples('infra db switchover', 'infra db switchover db2 --check', 'infra db switchover db2 --yes'),
    )
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
      examples(
        'infra db failover',
        'infra db failover db2 --yes',
        'infra db failover --accept-loss      what asynchronous replication needs',
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
    .argument('<host>', 'the old primary, or a replica that was left behind')
    .addHelpText('after', examples('infra db rejoin db1'))
    .action(async (name: string, options: OperationOptions) => {
      const {rejoin: run} = await import('./run.js');
      project.exitWith(await run(project, name, options));
    });
}

function seed(project: Project): Command {
  return addOperation(new Command('seed'))
    .description("replace a server's data by a copy of another server, which goes on serving")
    .argument('<host>', 'the server that gets the copy')
    .option('--from <server>', 'the server that is copied (default: a replica that is in step, else the primary)')
    .option('--rate <megabytes>', 'the most MB a second (default: 60, half of what 1 Gbit/s carries)', megabytes)
    .option('--no-compare', 'do not compare the tables at the end')
    .addHelpText(
      'after',
      examples('infra db seed db2', 'infra db seed db2 --check', 'infra db seed db2 --from db3 --rate 20'),
    )
    .action(async (name: string, options: SeedOptions) => {
      const {seed: run} = await import('./run.js');
      project.exitWith(await run(project, name, options));
    });
}

function check(project: Project): Command {
  return addCommon(new Command('check'))
    .description('compare the tables of the replicas with those of the primary, while all of them serve')
    .argument('[replicas...]', 'the replicas (default: all)')
    .addHelpText('after', examples('infra db check', 'infra db check db2 --format json'))
    .action(async (names: readonly string[], options: DatabaseOptions) => {
      const {check: run} = await import('./check.js');
      project.exitWith(await run(project, names, options));
    });
}

function megabytes(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('Give a whole number of MB a second.');
  return Number(value);
}

function seconds(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Give a whole number of seconds.');
  return Number(value);
}
