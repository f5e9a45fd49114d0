import {styled} from '../../model/index.js';
import {
  type Choices,
  SERVER_ROLES,
  type ServerChoice,
  type ServerProblem,
  type ServerRole,
} from '../../project/choices.js';
import {endpointOf, roleFaults, serverFaults, virtualFaults} from '../../project/server-faults.js';
import type {Answers} from '../answers.js';
import {compileChoices, FEWEST_SERVERS, withInnerAddresses} from '../compile-choices.js';
import {nameFault, parseServer, refuseAddress} from '../parse-servers.js';
import {renderFault, renderRoles, rolesOf} from '../review.js';
import type {Choice, Prompter} from '../terminal/prompter.js';

/** Shows the roles of the servers, and asks until a project can be written from them. */
export async function askRoles(
  prompter: Prompter,
  answers: Answers,
  proposed: readonly ServerChoice[],
  change = false,
): Promise<readonly ServerChoice[]> {
  let servers = change ? await changeOne(prompter, proposed, proposed) : proposed;
  for (;;) {
    prompter.say(styled`\nRoles of the servers:\n\n${renderRoles(servers)}\n`);
    const faults = faultsOfServers(compileChoices(answers, servers));
    for (const fault of faults) prompter.say(renderFault(fault, prompter.signs.failed));
    if (faults.length === 0 && (await prompter.confirm('Continue with these roles?', true))) return servers;
    servers = await changeOne(prompter, servers, proposed, faults[0]?.server);
  }
}

/** What is wrong with the servers. The virtual address is asked for later: here there is one of each family. */
function faultsOfServers(choices: Choices): readonly ServerProblem[] {
  const several = choices.servers.filter(({roles}) => roles.includes('balancer')).length > 1;
  const virtualAddress = several ? ['203.0.113.254', '2001:db8:ffff::fffe'] : [];
  return [...serverFaults(choices), ...roleFaults(choices), ...virtualFaults({...choices, virtualAddress})];
}

async function changeOne(
  prompter: Prompter,
  servers: readonly ServerChoice[],
  proposed: readonly ServerChoice[],
  suspect?: string,
): Promise<readonly ServerChoice[]> {
  const usual = servers.find(({name}) => name === suspect);
  const ways: readonly Choice<ServerChoice | 'drop' | 'back'>[] = [
    ...servers.map((value) => ({value, name: `${value.name}  ${value.address}  ${rolesOf(value)}`})),
    ...(servers.length > FEWEST_SERVERS ? [{value: 'drop' as const, name: 'leave a server out'}] : []),
    ...(servers === proposed ? [] : [{value: 'back' as const, name: 'none: back to the proposal'}]),
  ];
  const chosen = await prompter.choose('Change which server?', ways, usual);
  if (chosen === 'back') return proposed;
  return chosen === 'drop' ? leaveOut(prompter, servers, usual) : changeServer(prompter, servers, chosen);
}

async function leaveOut(prompter: Prompter, servers: readonly ServerChoice[], suspect?: ServerChoice) {
  const choices = servers.map((value) => ({value, name: `${value.name}  ${value.address}`}));
  const left = await prompter.choose('Leave out which?', choices, suspect);
  return servers.filter((each) => each !== left);
}

async function changeServer(
  prompter: Prompter,
  servers: readonly ServerChoice[],
  chosen: ServerChoice,
): Promise<readonly ServerChoice[]> {
  const taken = servers.filter((each) => each !== chosen).map(({name}) => name);
  const name = await prompter.text('Its name', {
    usual: chosen.name,
    refuse: (text) =>
      nameFault(text)?.fault.message ?? (taken.includes(text) ? `another server has the name ${text}` : undefined),
  });
  const endpoint = await askEndpoint(prompter, chosen);
  const roles = await prompter.mark(
    `Roles of ${name}`,
    SERVER_ROLES.map((value) => ({
      value,
      name: ROLE_NAMES[value],
      short: value,
      checked: chosen.roles.includes(value),
    })),
  );
  return withInnerAddresses(servers.map((each) => (each === chosen ? {...each, name, ...endpoint, roles} : each)));
}

/** Where SSH connects to. When the address changes, the private address is dropped. */
async function askEndpoint(prompter: Prompter, chosen: ServerChoice) {
  const usual = writtenEndpoint(chosen);
  const parsed = parseServer(await prompter.text('Its address', {usual, refuse: refuseAddress}));
  if ('fault' in parsed || endpointOf(parsed.value) === endpointOf(chosen)) return {};
  const {address, port} = parsed.value;
  return {address, port, privateAddress: undefined};
}

function writtenEndpoint({address, port = 22}: ServerChoice): string {
  if (port === 22) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

const ROLE_NAMES: Readonly<Record<ServerRole, string>> = {
  balancer: 'balancer: receives the requests of visitors (HAProxy)',
  web: 'web: serves them (Nginx)',
  primary: 'primary: the database that takes writes',
  replica: 'replica: a copy of the database, kept up to date',
};
