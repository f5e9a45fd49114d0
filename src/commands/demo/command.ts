import {Command} from 'commander';
import type {Project} from '../../local/project.js';

const HELP = `
It boots the inventory's hosts in the lab, applies playbooks/site.ts to them, fetches the page through each balancer and
writes through it, writes a row on the primary and reads it on the replica, and applies again to show that nothing is
left to do.
The hosts stay up afterwards: "infra lab down" removes them. It needs root on Debian or Ubuntu.

Examples:
  infra demo
  infra demo --inventory inventory/lab.yml`;

/** `infra demo`: a whole site, from bare hosts to a check of the result, on real hosts of the lab. */
export function demoCommand(project: Project): Command {
  return new Command('demo')
    .description('the whole site on disposable hosts of this machine, from bare to working')
    .option('-i, --inventory <file>', 'inventory file', 'inventory/three.yml')
    .addHelpText('after', HELP)
    .action(async ({inventory}: {inventory: string}) => {
      const {demo} = await import('./run.js');
      project.exitWith(await demo(project, inventory));
    });
}
