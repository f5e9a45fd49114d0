import {type Command, InvalidArgumentError, Option} from 'commander';

/** Adds the options that all commands of the database have. */
export function addCommon(command: Command): Command {
  return command
    .option('-i, --inventory <file>', 'inventory file (default: $INFRA_INVENTORY, or the only one in inventory/)')
    .option('-p, --playbook <file>', 'playbook file', 'playbooks/site.ts')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('-v, --verbose', 'also commands; -vvv: also connections and times', (_, count: number) => count + 1, 0);
}

/** Adds those of commands that change something. */
export function addOperation(command: Command): Command {
  return addCommon(command)
    .option('-y, --yes', 'do not ask')
    .option('-C, --check', 'only show the steps')
    .option('--lock-timeout <seconds>', 'wait this long for servers that another run has locked', seconds, 0);
}

function seconds(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Give a whole number of seconds.');
  return Number(value);
}
