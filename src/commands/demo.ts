import {Command} from 'commander';
import type {Project} from '../local/project.js';

const HELP = `
It boots the inventory's hosts in the lab, applies playbooks/site.ts to them, fetches the page through each balancer,
reads on the replica what was written on the primary, and applies again to show that nothing is left to do.
The hosts stay up afterwards: "infra lab down" ends them. Needs root on Debian or Ubuntu.

Examples:
  infra demo
  infra demo --inventory inventory/lab.yml`;

/** `infra demo`: the main job, end to end, on real hosts of the lab. */
export function demoCommand(project: Project): Command {
  return new Command('demo')
    .description('the whole site on disposable hosts of this machine, from bare to working')
    .option('-i, --inventory <file>', 'inventory file', 'inventory/three.yml')
    .addHelpText('after', HELP)
    .action(async ({inventory}: {inventory: string}) => {
      const {demo} = await import('./run-demo.js');
      project.exitWith(await demo(project, inventory));
    });
}
