import {inspect} from 'node:util';
import {Command} from 'commander';
import {applyCommand} from './commands/apply/command.js';
import {completeCommand, completionCommand} from './commands/completion/command.js';
import {dbCommand} from './commands/db/command.js';
import {demoCommand} from './commands/demo/command.js';
import {graphCommand} from './commands/graph/command.js';
import {initCommand} from './commands/init/command.js';
import {labCommand} from './commands/lab/command.js';
import {planCommand} from './commands/plan/command.js';
import {reportCommand} from './commands/report/command.js';
import {runsCommand} from './commands/runs/command.js';
import {secretsCommand} from './commands/secrets/command.js';
import {showCommand} from './commands/show/command.js';
import {explainUsage} from './commands/usage/usage-errors.js';
import {projectHere} from './local/project.js';
import {severalLines} from './model/text/styled-text.js';
import {writeText} from './session/streams.js';
import {packageVersion} from './session/version.js';

const HELP = `
Examples:
  infra init                              in an empty directory: asks a few questions and makes a project for your servers
  infra plan                              show what would change, and why
  infra plan --detailed-exitcode          the same for CI: 2 when something would change
  infra apply                             show the plan, ask, then apply it
  infra plan --out site.plan              save the plan for review; then: infra show site.plan, infra apply site.plan
  infra apply --yes --limit web           without a question, only on the web servers
  infra db status                         the database: who takes writes, who follows; also switchover, failover, …
  infra graph --output site.svg           a picture of which hosts connect to which; without --output as Mermaid
  infra report                            the last run as one HTML page
  infra secrets rotate mysql/app          a new password; the encrypted ones are in secrets/, for Git
  infra lab up --inventory inventory/three.yml
                                          real Debian hosts on this machine to try it on
  infra completion bash                   the script for completion by TAB; see its --help

Exit codes: 0 fine, 1 a failure, 2 changes are pending (plan --detailed-exitcode), 130 interrupted.`;

const project = projectHere();

const program = new Command('infra')
  .description('Configures Debian and Ubuntu servers over SSH: HAProxy, Nginx, MySQL or MariaDB.')
  .version(packageVersion(), '--version', 'print the version')
  .enablePositionalOptions()
  .addHelpText('after', HELP);

const everyday = [
  initCommand,
  planCommand,
  showCommand,
  applyCommand,
  runsCommand,
  secretsCommand,
  graphCommand,
  dbCommand,
];
for (const command of [...everyday, reportCommand, labCommand, demoCommand, completionCommand])
  program.addCommand(command(project));
program.addCommand(completeCommand(project), {hidden: true});
explainUsage(program, project);

// A bug of ours, or a rejected promise that the playbook does not await. Node would print its text as it is, and the
// text may come from a server or hold a secret.
process.on('uncaughtException', (error) => {
  writeText(project.stderr, severalLines(`${project.uncaught.mask(inspect(error))}\n`));
  process.exit(1);
});

const outputs = [project.stdout, project.stderr];
// A closed pipe does not stop the run.
for (const output of outputs) output.on('error', () => {});
await program.parseAsync();
// Wait for the pipes: output that they have not taken yet would be lost.
await Promise.all(outputs.map((output) => new Promise<void>((done) => output.write('', () => done()))));
process.exit();
