import {Command} from 'commander';
import type {Project} from '../../local/project.js';
import {QUESTIONS} from '../../wizard/questions.js';
import type {InitOptions} from './run.js';

const HELP = `
A server is ADDRESS, or NAME=USER@ADDRESS:PORT with what is known of it, and what it is for behind a comma: balancer, web,
primary, replica. Without these, infra proposes a split for so many servers. Host keys that this machine does not know
are shown to be confirmed; without a terminal, name their fingerprints. Nothing is written before you have seen it.

Every flag is a line of an answers file too, under its name in one word (virtualAddress:), servers under "servers:" and
fingerprints under "hostKeys:". The project keeps its own in infra.answers.yml; run again, infra init changes or adds to
it, shows what would change in each file, and leaves alone what was edited by hand unless told otherwise.

Examples:
  infra init                                          asks; in an empty directory
  infra init 192.0.2.10 192.0.2.11 192.0.2.12         asks the rest
  infra init --import hosts.ini                       servers of an inventory of Ansible's
  infra init --ssh-config web1,web2,db1               hosts of ~/.ssh/config
  infra init --answers site.yml --yes                 asks nothing
  infra init --yes --server lb1=192.0.2.10,balancer --server app1=192.0.2.11,web,primary --no-connect`;

/** `infra init`: a project from a few questions. */
export function initCommand(project: Project): Command {
  const command = new Command('init')
    .description('make a project for your servers in this directory, or change it: asks what it cannot find out')
    .argument('[address...]', 'your servers')
    .option('-s, --server <server>', 'one server: NAME=ADDRESS[:PORT][,ROLE...]; may be repeated', collected)
    .option('--import <file>', "servers of an inventory of Ansible's, YAML or INI")
    .option('--ssh-config <hosts>', 'hosts of ~/.ssh/config, by name: A,B');
  for (const {flag, about} of QUESTIONS) command.option(flag, about);
  return command
    .option('--host-key <fingerprint>', 'a host key to trust: SHA256:...; may be repeated', collected)
    .option('--no-connect', 'look at no server, and leave host keys to ~/.ssh/known_hosts')
    .option('-a, --answers <file>', 'answers, in YAML')
    .option('-y, --yes', 'ask nothing: what is not given is as usual')
    .addHelpText('after', HELP)
    .action(async (addresses: string[], options: InitOptions) => {
      const {init} = await import('./run.js');
      project.exitWith(await init(project, addresses, options));
    });
}

const collected = (value: string, before: readonly string[] = []) => [...before, value];
