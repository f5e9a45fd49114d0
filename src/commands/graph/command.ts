import {Command, Option} from 'commander';
import type {Project} from '../../local/project.js';
import type {GraphOptions} from './run.js';

const HELP = `
It reads the inventory and the playbook, from which the ports of roles follow, and connects to no host. Secrets are
replaced by placeholders, and none is opened or made. Other openings of the firewall are not drawn.

GitHub and GitLab draw Mermaid in Markdown, between \`\`\`mermaid and \`\`\`. The SVG is made without a browser, loads
nothing, and follows the reader's choice of light or dark.

Examples:
  infra graph
  infra graph --output docs/site.svg
  infra graph --inventory inventory/lab.yml --format svg > site.svg`;

/** `infra graph`: which hosts may connect to which, as a drawing. */
export function graphCommand(project: Project): Command {
  return new Command('graph')
    .description('draw which hosts connect to which, and on which ports, as Mermaid or SVG')
    .option('-i, --inventory <file>', 'inventory file (default: $INFRA_INVENTORY, or the only one in inventory/)')
    .option('-p, --playbook <file>', 'playbook file', 'playbooks/site.ts')
    .addOption(
      new Option('--format <format>', 'mermaid or svg (default: mermaid; svg for a file that ends in .svg)').choices([
        'mermaid',
        'svg',
      ]),
    )
    .option('-o, --output <file>', 'write it to this file')
    .addHelpText('after', HELP)
    .action(async (options: GraphOptions) => {
      const {graph} = await import('./run.js');
      project.exitWith(await graph(project, options));
    });
}
