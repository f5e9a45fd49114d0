import {Command} from 'commander';
import type {Project} from '../../local/project.js';

const HELP = `
infra apply records each run, and infra runs lists them. The page opens from disk and loads nothing: failures come first,
then the times of each host, the changes as folded diffs, and which hosts connect to which as long as playbook and inventory are
those of the run.

On a terminal it is written to infra-report-NAME.html in this directory; to a pipe or a file it is printed. Secrets are
masked in it, but it holds names and addresses of hosts and the content of their files: share it as you would your
playbooks. Only its owner can read the file (mode 0600).

Examples:
  infra report                            the last run
  infra report k7f2                       the run with this name
  infra report site.plan                  a plan that infra plan --out site.plan saved
  infra report k7f2 --output k7f2.html    to this file
  infra report --output - | gzip > run.html.gz`;

/** `infra report`: a run or a saved plan as one HTML page. */
export function reportCommand(project: Project): Command {
  return new Command('report')
    .description('make one HTML page of a run or a saved plan')
    .argument('[run|plan]', 'name of a run or the end of it, or the file of a saved plan; default: the last run')
    .option('-o, --output <file>', 'write it to this file; - for standard output')
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, options: {output?: string}) => {
      const {report} = await import('./run.js');
      project.exitWith(await report(project, name, options));
    });
}
