import type {Command} from 'commander';
import type {Project} from '../local/project.js';
import type {HeadStart} from './head-start.js';
import type {OutputOptions} from './output-options.js';

/** The options that `plan` and `apply` have in common. */
export interface PlanningOptions extends OutputOptions {
  readonly inventory?: string;
  readonly playbook: string;
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAtTask?: string;
  readonly allowEmpty?: boolean;
}

/** Adds these options to a command. */
export function addPlanningOptions(command: Command): Command {
  return command
    .option('-i, --inventory <file>', 'inventory file (default: $INFRA_INVENTORY, or the only one in inventory/)')
    .option('-p, --playbook <file>', 'playbook file', 'playbooks/site.ts')
    .option('-l, --limit <pattern>', 'only these hosts: names, groups, patterns such as web:!web2, or @file')
    .option('-t, --tags <tags>', 'only tasks with one of these tags (a,b)', listed)
    .option('--skip-tags <tags>', 'skip tasks with one of these tags', listed)
    .option('--start-at-task <name>', 'skip all tasks before this one: its label or "type id", also as a glob')
    .option('--allow-empty', 'accept plays and limits that match no host');
}

/** The values of `a,b`, after those that the option was given before. */
function listed(value: string, before: readonly string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim());
  return [...before, ...names.filter((name) => name !== '')];
}

/** Begins connections early where possible. Call it before the other modules of a command are loaded. */
export async function beginEarly(project: Project, options: PlanningOptions): Promise<HeadStart> {
  const {headStart} = await import('./head-start.js');
  return headStart(project, options);
}
