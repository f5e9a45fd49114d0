import {Command, InvalidArgumentError} from 'commander';
import type {Project} from '../../local/project.js';
import {examples} from '../../session/output-options.js';

const HELP = `
Values are kept in secrets/*.age.yaml, each encrypted with age for the recipients in secrets/recipients.txt. Commit
both. A playbook gets one with secret('mysql/app'); a missing one is generated at the first plan, so you need not invent
passwords. Your identity, which opens them, is .infra/identity.txt: back it up, and never commit it. It can also come
from INFRA_AGE_IDENTITY, the file INFRA_AGE_IDENTITY_FILE, or the output of INFRA_AGE_IDENTITY_COMMAND.

Examples:
  infra secrets init                          an identity for yourself, and how others give you access
  infra secrets list
  infra secrets get mysql/app                 in clear
  infra secrets set smtp/password             asks for it, hidden
  infra secrets set tls/key < key.pem         from standard input; never as an argument, which others could see
  infra secrets set app/token --random
  infra secrets edit                          all passwords, in $EDITOR
  infra secrets rotate mysql/app              a new value; infra apply brings it to the servers
  infra secrets recipients add age1… --name alice
  infra secrets recipients remove alice       alice still knows the values: rotate them

The age program itself can also read a value:
  sed -n '/^mysql.app:/,/END AGE/s/^  //p' secrets/passwords.age.yaml | age -d -i .infra/identity.txt`;

const SET = [
  'infra secrets set smtp/password',
  'infra secrets set tls/key < key.pem',
  'infra secrets set app/token --random --length 40',
];

const RECIPIENTS = [
  'infra secrets recipients',
  'infra secrets recipients add age1… --name alice',
  'infra secrets recipients remove alice',
];

/** `infra secrets`: the encrypted values of the project, and who can read them. */
export function secretsCommand(project: Project): Command {
  const command = new Command('secrets')
    .description('the encrypted secrets of the project, and who can read them')
    .addHelpText('after', HELP);
  for (const each of [init, list, get, set, edit, rotate, recipients]) command.addCommand(each(project));
  return command;
}

function init(project: Project) {
  return new Command('init')
    .description('make an identity for yourself if there is none, and say what to do with it')
    .addHelpText(
      'after',
      examples('infra secrets init', 'infra secrets init > recipient.txt      for those who can give you access'),
    )
    .action(async () => {
      const {initSecrets} = await import('./recipients.js');
      project.exitWith(await initSecrets(project));
    });
}

function list(project: Project) {
  return new Command('list')
    .description('list the names of all secrets and their files; needs no identity')
    .addHelpText('after', examples('infra secrets list', 'infra secrets list | grep ^mysql/'))
    .action(async () => {
      const {listSecrets} = await import('./run.js');
      project.exitWith(await listSecrets(project));
    });
}

function get(project: Project) {
  return new Command('get')
    .description('print a secret in clear')
    .argument('<name>', 'such as mysql/app')
    .addHelpText('after', examples('infra secrets get mysql/app', 'infra secrets get tls/key > key.pem'))
    .action(async (name: string) => {
      const {getSecret} = await import('./run.js');
      project.exitWith(await getSecret(project, name));
    });
}

function set(project: Project) {
  return new Command('set')
    .description('set a secret: asks for it, or reads it from standard input')
    .argument('<name>', 'such as mysql/app')
    .option('--random', 'a password of letters and digits instead')
    .option('--length <number>', 'its length (default: 32)', length)
    .addHelpText('after', examples(...SET))
    .action(async (name: string, options: {random?: boolean; length?: number}) => {
      const {setSecret} = await import('./run.js');
      project.exitWith(await setSecret(project, name, options));
    });
}

function edit(project: Project) {
  return new Command('edit')
    .description('edit all passwords in $EDITOR; unchanged ones are not encrypted again')
    .addHelpText('after', examples('infra secrets edit', 'EDITOR=nano infra secrets edit'))
    .action(async () => {
      const {editSecrets} = await import('./edit.js');
      project.exitWith(await editSecrets(project));
    });
}

function rotate(project: Project) {
  return new Command('rotate')
    .description('give a secret a new random value, or yourself a new identity')
    .argument('[name]', 'such as mysql/app')
    .option(
      '--length <number>',
      'length of the password (default: that of the old one, or 32 if that is below 16)',
      length,
    )
    .option('--identity', 'make a new identity, and encrypt everything for it instead of the old one')
    .addHelpText('after', examples('infra secrets rotate mysql/app', 'infra secrets rotate --identity'))
    .action(async (name: string | undefined, options: {length?: number; identity?: boolean}, command: Command) => {
      if ((name === undefined) === (options.identity === undefined))
        command.error('error: name a secret, or give --identity');
      if (name === undefined) {
        const {newIdentity} = await import('./recipients.js');
        project.exitWith(await newIdentity(project));
        return;
      }
      const {rotateSecret} = await import('./run.js');
      project.exitWith(await rotateSecret(project, name, options));
    });
}

function recipients(project: Project) {
  const list = async () => {
    const {listRecipients} = await import('./recipients.js');
    project.exitWith(await listRecipients(project));
  };
  const command = new Command('recipients')
    .description('list who can read the secrets')
    .addHelpText('after', examples(...RECIPIENTS))
    .action(list);
  command
    .command('list')
    .description('list everybody who can read them; the default')
    .addHelpText('after', examples('infra secrets recipients list', 'infra secrets recipients'))
    .action(list);
  for (const each of [add, remove]) command.addCommand(each(project));
  return command;
}

function add(project: Project) {
  return new Command('add')
    .description('let somebody read all secrets: encrypt them again')
    .argument('<recipient>', 'age1…, which infra secrets init shows to its owner')
    .option('--name <name>', 'the name of its owner', '')
    .addHelpText(
      'after',
      examples('infra secrets recipients add age1… --name alice', 'infra secrets recipients add age1…'),
    )
    .action(async (key: string, {name}: {name: string}) => {
      const {includeRecipient} = await import('./recipients.js');
      project.exitWith(await includeRecipient(project, key, name));
    });
}

function remove(project: Project) {
  return new Command('remove')
    .description('encrypt all secrets again without somebody, who still knows what they could read before')
    .argument('<recipient>', 'age1…, or the name')
    .addHelpText('after', examples('infra secrets recipients remove alice', 'infra secrets recipients remove age1…'))
    .action(async (who: string) => {
      const {excludeRecipient} = await import('./recipients.js');
      project.exitWith(await excludeRecipient(project, who));
    });
}

function length(value: string): number {
  const desired = Number(value);
  if (/^\d+$/.test(value) && desired >= 12 && desired <= 1000) return desired;
  throw new InvalidArgumentError('Give a number of characters from 12 to 1000.');
}
