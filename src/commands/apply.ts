import {Command} from 'commander';
import {addRunOptions, beginEarly, type RunOptions} from './run-options.js';

const HELP = `
It shows the plan and asks; then it does what the plan lists and nothing else. A host that fails stops alone, the
others go on. Run it again at any time: it goes on from the state it finds.

Examples:
  infra apply
  infra apply --yes --inventory inventory/lab.yml
  infra apply --check                     the same as infra plan`;

/** `infra apply`: the plan, a question, the changes. */
export function applyCommand(): Command {
  const command = new Command('apply')
    .description('show the plan, ask, and bring the servers to it')
    .option('-y, --yes', 'do not ask')
    .option('-C, --check', 'only show the plan')
    .option('--dry-run', 'the same as --check')
    .addHelpText('after', HELP);
  return addRunOptions(command).action(
    async (options: RunOptions & {yes?: boolean; check?: boolean; dryRun?: boolean}) => {
      const early = await beginEarly(options);
      if (options.check || options.dryRun) {
        const {plan} = await import('./run-plan.js');
        process.exitCode = await plan(options, false, early);
        return;
      }
      const {apply} = await import('./run-apply.js');
      process.exitCode = await apply(options, options.yes === true, early);
    },
  );
}
