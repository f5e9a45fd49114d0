import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';

const HELP = `
Every apply is on record in .infra/runs, which Git ignores: what it was told, what it did on which host and when, what
tasks printed, what failed. The last 100 are kept.

Examples:
  infra runs
  infra runs show                         the last one
  infra runs show k7f2 --output           the one of this name, with what its tasks printed`;

/** `infra runs`: what was applied, by whom, when, and how it ended. */
export function runsCommand(project: Project): Command {
  const command = new Command('runs')
    .description('what was applied, by whom, and how it ended')
    .addHelpText('after', HELP);
  command.action(async () => {
    const {listRuns} = await import('./run.js');
    project.exitWith(listRuns(project));
  });
  command
    .command('show')
    .description('one run: its changes, its failures, its end on each host')
    .argument('[run]', 'its name or the end of it; default: the last one')
    .option('-o, --output', 'with what tasks printed')
    .addHelpText('after', examples('infra runs show', 'infra runs show k7f2 --output'))
    .action(async (name: string | undefined, {output}: {output?: boolean}) => {
      const {showRun} = await import('./run.js');
      project.exitWith(await showRun(project, name, output === true));
    });
  return command;
}
