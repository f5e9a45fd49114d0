import {Command} from 'commander';
import type {Project} from '../../local/project.js';

const HELP = `
A run is what infra apply did; infra runs lists them. The page opens from disk and loads nothing: failures come first, then
where the time went on each host, what changed as folded diffs, and who connects to whom as long as playbook and
inventory are those of the run.

On a terminal it is written to infra-report-NAME.html in this directory; into a pipe or a file it goes as it is. Secrets are
masked in it. It does hold names and addresses of hosts and what stands in their files: share it as you would your
playbooks. The file is for its owner alone (mode 0600).

Examples:
  infra report                            the last run
  infra report k7f2                       the run of this name
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
