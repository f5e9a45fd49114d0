import {existsSync, readdirSync} from 'node:fs';
import {sshConfigHosts} from '../../inventory/index.js';
import {InputError, styled} from '../../model/index.js';
import {type Answers, mergeAnswers} from '../answers.js';
import {answersOf, type Imported, importInventory} from '../import-servers.js';
import type {Prompter} from '../terminal/prompter.js';

/** Asks where the servers are known from, and takes them over; the answers as they are when they will be typed. */
export async function askSource(prompter: Prompter, answers: Answers): Promise<Answers> {
  if ((answers.servers?.length ?? 0) > 0) return answers;
  const ssh = await sshConfigHosts();
  const choices = [
    {value: 'type' as const, name: 'I type or paste their addresses'},
    ...(ssh.length > 0 ? [{value: 'ssh' as const, name: `some of the ${ssh.length} in ~/.ssh/config`}] : []),
    {value: 'ansible' as const, name: 'from an inventory of Ansible'},
  ];
  const source = await prompter.choose('Where are your servers?', choices);
  if (source === 'type') return answers;
  const imported = source === 'ssh' ? answersOf(await askHosts(prompter, ssh)) : await askInventory(prompter);
  for (const note of imported.notes) prompter.say(styled`  ! ${note}`);
  return mergeAnswers(imported.answers, answers);
}

type Hosts = Awaited<ReturnType<typeof sshConfigHosts>>;

function askHosts(prompter: Prompter, hosts: Hosts): Promise<Hosts> {
  const choices = hosts.map((value) => ({value, name: `${value.name}  ${value.address}`, checked: false}));
  return prompter.mark('Which of them?', choices).then((marked) => [...marked]);
}

/** Until a file can be read. */
async function askInventory(prompter: Prompter): Promise<Imported> {
  const usual = USUAL.find((file) => existsSync(file)) ?? readdirSync('.').find((name) => name.endsWith('.ini'));
  const refuse = (file: string) => {
    try {
      importInventory(file);
      return undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const [first] = error.diagnostics;
      const line = first?.at === undefined ? '' : `line ${first.at.line}: `;
      return `${line}${first?.message}${first?.hint === undefined ? '' : `; ${first.hint}`}`;
    }
  };
  return importInventory(await prompter.text('Its file (YAML or INI)', {usual, refuse}));
}

const USUAL = ['inventory.ini', 'hosts.ini', 'hosts', 'inventory.yml', '/etc/ansible/hosts'];
