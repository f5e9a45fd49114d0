import {Command, Option} from 'commander';
import type {Project} from '../local/project.js';
import type {GraphOptions} from './run-graph.js';

const HELP = `
It reads the inventory and the playbook and connects to nobody: what roles listen to follows from these. Secrets are
replaced by placeholders, and none is opened or made. What a firewall is told to let in beside that is not drawn.

Mermaid is what GitHub and GitLab draw in Markdown, between \`\`\`mermaid and \`\`\`. The SVG needs no browser to be made,
loads nothing, and follows its reader's choice of light or dark.

Examples:
  infra graph
  infra graph --output docs/site.svg
  infra graph --inventory inventory/lab.yml --format svg > site.svg`;

/** `infra graph`: who may connect to whom, as a picture. */
export function graphCommand(project: Project): Command {
  return new Command('graph')
    .description('draw who connects to whom and on which ports, as Mermaid or SVG')
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
      const {graph} = await import('./run-graph.js');
      project.exitWith(await graph(project, options));
    });
}
