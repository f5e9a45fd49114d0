import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';

const HELP = `
infra apply records each run in .infra/runs, which Git ignores: its options, what it did on which host and when, the
output of tasks, and failures. The last 100 are kept.

Examples:
  infra runs
  infra runs show                         the last one
  infra runs show k7f2 --output           the one with this name, with the output of its tasks`;

/** `infra runs`: what was applied, who did it, when, and how it ended. */
export function runsCommand(project: Project): Command {
  const command = new Command('runs')
    .description('list what was applied, who did it, and how it ended')
    .addHelpText('after', HELP);
  command.action(async () => {
    const {listRuns} = await import('./run.js');
    project.exitWith(listRuns(project));
  });
  command
    .command('show')
    .description('show a run: its changes, its failures, and how it ended on each host')
    .argument('[run]', 'its name or the end of its name; default: the last one')
    .option('-o, --output', 'with the output of tasks')
    .addHelpText('after', examples('infra runs show', 'infra runs show k7f2 --output'))
    .action(async (name: string | undefined, {output}: {output?: boolean}) => {
      const {showRun} = await import('./run.js');
      project.exitWith(await showRun(project, name, output === true));
    });
  return command;
}
