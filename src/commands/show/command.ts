import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {formatOption, type OutputOptions} from '../../session/output-options.js';
import type {PlanFormat} from '../../session/show-plan.js';

const HELP = `
It needs only the file: no server, no secret, no project. A plan that is out of date or was applied is shown too, with a
notice about that.

Examples:
  infra show site.plan
  infra show site.plan --format markdown > comment.md`;

/** `infra show`: a saved plan as `infra plan` printed it. */
export function showCommand(project: Project): Command {
  return new Command('show')
    .description('show a saved plan')
    .argument('<plan>', 'the file that infra plan --out wrote')
    .addOption(formatOption())
    .option('-v, --verbose', '-vv: also the commands of tasks and handlers', (_, count: number) => count + 1, 0)
    .addHelpText('after', HELP)
    .action(async (file: string, {format, ...options}: {format: PlanFormat} & OutputOptions) => {
      const {show} = await import('../../session/show-plan.js');
      project.exitWith(await show(project, file, format, options));
    });
}
