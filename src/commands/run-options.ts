import type {Command} from 'commander';
import type {HeadStart} from './head-start.js';

/** What `plan` and `apply` have in common. */
export interface RunOptions {
  readonly inventory?: string;
  readonly playbook: string;
  readonly limit?: string;
}

export function addRunOptions(command: Command): Command {
  return command
    .option('-i, --inventory <file>', 'inventory file (default: $INFRA_INVENTORY, or the only one in inventory/)')
    .option('-p, --playbook <file>', 'playbook file', 'playbooks/site.ts')
    .option('-l, --limit <pattern>', 'only these hosts: names, groups, patterns such as web:!web2');
}

/** Begins connections where that may be done already. To be called before the other modules of a command are loaded. */
export async function beginEarly(options: RunOptions): Promise<HeadStart> {
  const {headStart} = await import('./head-start.js');
  return headStart(options);
}
