import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {addOutputOptions, formatOption} from '../../session/output-options.js';
import {addPlanningOptions, beginEarly} from '../../session/planning-options.js';
import type {PlanOptions} from './run.js';

const HELP = `
It changes and locks nothing: it connects, reads, and shows what apply would do.

"infra show" shows a saved plan, and "infra apply FILE" does once what it lists and nothing else. It holds no secret.
--format json has the shape of "terraform show -json", for policies written for Terraform; --format markdown is for a
comment on a pull request.

Examples:
  infra plan
  infra plan --inventory inventory/lab.yml --limit 'web:!web2'
  infra plan --detailed-exitcode > plan.txt
  infra plan --quiet                      only names; -vv instead adds the commands
  infra plan --out site.plan && infra show site.plan --format markdown`;

/** `infra plan`: the dry run. */
export function planCommand(project: Project): Command {
  const command = new Command('plan')
    .description('show what apply would change, as diffs')
    .option('--detailed-exitcode', 'exit with 2 when something would change')
    .option('-o, --out <file>', 'save the plan for infra show and infra apply')
    .addOption(formatOption())
    .addHelpText('after', HELP);
  addOutputOptions(command, 'only the names of what would change, without diffs, and no progress');
  return addPlanningOptions(command).action(async (options: PlanOptions & {detailedExitcode?: boolean}) => {
    const early = await beginEarly(project, options);
    const {plan} = await import('./run.js');
    project.exitWith(await plan(project, options, options.detailedExitcode === true, early));
  });
}
