import {existsSync, readdirSync} from 'node:fs';
import {sshConfigHosts} from '../../inventory/index.js';
import {InputError, joined, styled} from '../../model/index.js';
import {endpointOf} from '../../project/index.js';
import {type Answers, addServers, mergeAnswers, type ServerAnswer} from '../answers.js';
import {FEWEST_SERVERS} from '../compile-choices.js';
import {answersOf, type Imported, importInventory} from '../import-servers.js';
import {parseServers} from '../parse-servers.js';
import type {Prompter} from '../terminal/prompter.js';

/** Asks for servers, one or several per line, until there are enough. */
export async function askServers(prompter: Prompter, answers: Answers): Promise<Answers> {
  let servers = answers.servers ?? [];
  const {signs, say} = prompter;
  say(servers.length === 0 ? INTRODUCTION : MORE);
  do {
    await prompter.lines((line) => {
      const {servers: found, faults} = parseServers(line);
      const fresh = found.filter((each) => !servers.some((other) => endpointOf(other) === endpointOf(each)));
      const user = servers.find((each) => each.user !== undefined)?.user;
      const others = found.filter((each) => user !== undefined && each.user !== undefined && each.user !== user);
      const repeated = found.filter((each) => !fresh.includes(each));
      servers = addServers(servers, found);
      return joined([
        ...fresh.map((each) => `    ${signs.done} ${shown(each)}`),
        ...repeated.map((each) => `    ${signs.done} ${shown(each)} (already listed)`),
        ...others.map(
          (each) =>
            `    ! The user ${each.user} of ${each.address} is ignored: all servers have the same login user, ${user}.`,
        ),
        ...faults.map(
          ({message, hint}) => `    ${signs.failed} ${hint === undefined ? message : `${message}. ${hint}`}`,
        ),
      ]);
    });
    if (servers.length < FEWEST_SERVERS) say(servers.length === 0 ? NONE : TOO_FEW);
  } while (servers.length < FEWEST_SERVERS);
  return {...answers, servers};
}

const MORE = styled`More servers, one or several per line; an empty line ends the list.`;

const INTRODUCTION = styled`Type or paste addresses or DNS names, one or several per line; an empty line ends the list.
They may have a name or a user: lb1=192.0.2.10, deploy@web.example.org`;

const NONE = styled`At least two servers are needed: a balancer, and one for the site and its database.`;

/** Why a single server is not enough. */
const TOO_FEW = styled`One server is not enough: the balancer and the web server behind it both need ports 80
and 443. Give another address: two servers make a site, and three also have a copy of
the database.`;

function shown({name, user, address, port}: ServerAnswer): string {
  const place = port === undefined ? address : `${address} port ${port}`;
  return [name === undefined ? '' : `${name}:`, place, user === undefined ? '' : `as ${user}`]
    .filter(Boolean)
    .join(' ');
}

/** Asks which file lists the servers, and adds them to the answers; unchanged if the user wants to type them. */
export async function askSource(prompter: Prompter, answers: Answers): Promise<Answers> {
  if ((answers.servers?.length ?? 0) > 0) return answers;
  const ssh = await sshConfigHosts();
  const choices = [
    {value: 'type' as const, name: 'I type or paste their addresses'},
    ...(ssh.length > 0 ? [{value: 'ssh' as const, name: `some of the ${ssh.length} hosts in ~/.ssh/config`}] : []),
    {value: 'ansible' as const, name: 'in an Ansible inventory'},
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
  return prompter.mark('Which hosts?', choices).then((marked) => [...marked]);
}

/** Asks for the path of an inventory until that can be imported. */
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
      return `${line}${first?.message}${first?.hint === undefined ? '' : `. ${first.hint}`}`;
    }
  };
  return importInventory(await prompter.text('Path of the inventory (YAML or INI)', {usual, refuse}));
}

const USUAL = ['inventory.ini', 'hosts.ini', 'hosts', 'inventory.yml', '/etc/ansible/hosts'];
