import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {QUESTIONS} from '../../wizard/questions.js';
import type {InitOptions} from './run.js';

const HELP = `
A server is ADDRESS, or NAME=USER@ADDRESS:PORT as far as known, with its roles after a comma: balancer, web, primary,
replica. Without roles, infra proposes a split for that number of servers. Host keys that this machine does not know are
shown for confirmation; without a terminal, name their fingerprints. Nothing is written before you have seen it.

Every flag can also be a line of an answers file, under its name in one word (virtualAddress:), servers under "servers:"
and fingerprints under "hostKeys:". The project keeps its own in infra.answers.yml. Run again, infra init changes or
extends the project, shows the changes of each file, and keeps files that were edited by hand unless you say otherwise.

Examples:
  infra init                                          in an empty directory: asks all questions
  infra init 192.0.2.10 192.0.2.11 192.0.2.12         asks the rest
  infra init --import hosts.ini                       servers of an inventory of Ansible
  infra init --ssh-config web1,web2,db1               hosts of ~/.ssh/config
  infra init --answers site.yml --yes                 asks nothing
  infra init --yes --server lb1=192.0.2.10,balancer --server app1=192.0.2.11,web,primary --no-connect`;

/** `infra init`: makes a project from a few questions. */
export function initCommand(project: Project): Command {
  const command = new Command('init')
    .description('make a project for your servers in this directory, or change it; asks what it cannot find out')
    .argument('[address...]', 'your servers')
    .option('-s, --server <server>', 'one server: NAME=ADDRESS[:PORT][,ROLE...]; may be repeated', collected)
    .option('--import <file>', 'servers of an inventory of Ansible, YAML or INI')
    .option('--ssh-config <hosts>', 'hosts of ~/.ssh/config, by name: A,B');
  for (const {flag, about} of QUESTIONS) command.option(flag, about);
  return command
    .option('--host-key <fingerprint>', 'a host key to trust: SHA256:...; may be repeated', collected)
    .option('--no-connect', 'connect to no server, and take host keys from ~/.ssh/known_hosts')
    .option('-a, --answers <file>', 'answers, in YAML')
    .option('-y, --yes', 'ask nothing, and use the defaults for the rest')
    .addHelpText('after', HELP)
    .action(async (addresses: string[], options: InitOptions) => {
      const {init} = await import('./run.js');
      project.exitWith(await init(project, addresses, options));
    });
}

const collected = (value: string, before: readonly string[] = []) => [...before, value];
