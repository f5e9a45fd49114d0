import {Command, InvalidArgumentError, Option} from 'commander';
import type {Project} from '../../local/project.js';
import {addOutputOptions} from '../../session/output-options.js';
import {addPlanningOptions, beginEarly} from '../../session/planning-options.js';
import type {ApplyOptions} from './options.js';

const HELP = `
It shows the plan and asks; then it does what the plan lists and nothing else. A host that fails stops; the others
continue. Run it again at any time: it continues from the state that it finds.

Examples:
  infra apply
  infra apply --yes --inventory inventory/lab.yml
  infra apply --check                     the same as infra plan
  infra apply --yes -v                    with the output of long commands, as it comes
  infra apply --yes --quiet               only failures and the last line, as for cron
  infra apply site.plan                   the plan that infra plan --out site.plan saved, and nothing else
  infra apply --resume                    continue with the hosts that the last run did not finish

Ctrl-C lets each host finish its current task; a second one stops at once. What was done is on record: infra runs`;

/** `infra apply`: the plan, a question, the changes. */
export function applyCommand(project: Project): Command {
  const command = new Command('apply')
    .description('show the plan, ask, and apply it to the servers')
    .argument('[plan]', 'a saved plan, instead of a new one')
    .option('-y, --yes', 'do not ask')
    .option('-C, --check', 'only show the plan')
    .option('--dry-run', 'the same as --check')
    .addOption(new Option('--step', 'ask before each change').conflicts('quiet'))
    .option('--resume [run]', 'continue with the hosts that the last run, or the named one, did not finish')
    .option('--lock-timeout <seconds>', 'wait this long for hosts that another run has locked', seconds, 0)
    .option('--backup', 'keep the old version of every file that is changed, in /var/lib/infra/backup on its host')
    .option('--forget <handler...>', 'drop a pending handler that no task notifies any longer')
    .addOption(new Option('--format <format>', 'json: one event a line').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP);
  addOutputOptions(command, 'no diffs; with --yes only failures and the last line');
  return addPlanningOptions(command).action(async (saved: string | undefined, options: ApplyOptions & Check) => {
    if (saved !== undefined) {
      const {applySaved} = await import('./run-saved.js');
      project.exitWith(await applySaved(project, saved, options, command));
      return;
    }
    if (options.resume !== undefined) {
      const {resume} = await import('./run-saved.js');
      project.exitWith(await resume(project, options));
      return;
    }
    const early = await beginEarly(project, options);
    if (options.check || options.dryRun) {
      const {plan} = await import('../plan/run.js');
      project.exitWith(await plan(project, options, false, early));
      return;
    }
    const {apply} = await import('./run.js');
    project.exitWith(await apply(project, options, early));
  });
}

interface Check {
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

function seconds(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Give a whole number of seconds.');
  return Number(value);
}
