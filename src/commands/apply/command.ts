import {Command, InvalidArgumentError, Option} from 'commander';
import type {Project} from '../../local/project.js';
import {addOutputOptions} from '../../session/output-options.js';
import {addPlaybookOptions, beginEarly} from '../../session/playbook-options.js';
import type {ApplyOptions} from './options.js';

const HELP = `
It shows the plan and asks; then it does what the plan lists and nothing else. A host that fails stops alone, the
others go on. Run it again at any time: it continues from the state that it finds.

Examples:
  infra apply
  infra apply --yes --inventory inventory/lab.yml
  infra apply --check                     the same as infra plan
  infra apply --yes -v                    with what long commands print, as it comes
  infra apply --yes --quiet               only failures and the last line, as for cron
  infra apply site.plan                   what infra plan --out site.plan saved, and nothing else
  infra apply --resume                    go on with the hosts that the last run did not finish

Ctrl-C lets each host finish the task it is at; a second one stops at once. What was done is on record: infra runs`;

/** `infra apply`: the plan, a question, the changes. */
export function applyCommand(project: Project): Command {
  const command = new Command('apply')
    .description('show the plan, ask, and bring the servers to it')
    .argument('[plan]', 'a saved plan, in place of planning anew')
    .option('-y, --yes', 'do not ask')
    .option('-C, --check', 'only show the plan')
    .option('--dry-run', 'the same as --check')
    .addOption(new Option('--step', 'ask before each change').conflicts('quiet'))
    .option('--resume [run]', 'go on with the hosts that the last run, or the one named, did not finish')
    .option('--lock-timeout <seconds>', 'wait so long for hosts that another run has', seconds, 0)
    .option('--backup', 'keep the old version of every file that is changed, in /var/lib/infra/backup on its host')
    .option('--forget <handler...>', 'drop the note that this handler is due, where no task notifies it any more')
    .addOption(new Option('--format <format>', 'json: events, one a line').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP);
  addOutputOptions(command, 'no diffs; with --yes only failures and the last line');
  return addPlaybookOptions(command).action(async (saved: string | undefined, options: ApplyOptions & Check) => {
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
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('give seconds, a whole number');
  return Number(value);
}
