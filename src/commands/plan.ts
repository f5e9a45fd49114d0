import {Command} from 'commander';
import {addRunOptions, beginEarly, type RunOptions} from './run-options.js';

const HELP = `
Nothing is changed and nothing is locked: it connects, reads, and shows what apply would do.

Examples:
  infra plan
  infra plan --inventory inventory/lab.yml --limit 'web:!web2'
  infra plan --detailed-exitcode > plan.txt`;

/** `infra plan`: the dry run. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description('show what apply would change, as diffs')
    .option('--detailed-exitcode', 'exit with 2 when something would change')
    .addHelpText('after', HELP);
  return addRunOptions(command).action(async (options: RunOptions & {detailedExitcode?: boolean}) => {
    const early = await beginEarly(options);
    const {plan} = await import('./run-plan.js');
    process.exitCode = await plan(options, options.detailedExitcode === true, early);
  });
}
