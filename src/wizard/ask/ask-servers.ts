import {joined, styled} from '../../model/index.js';
import {endpointOf} from '../../project/index.js';
import {type Answers, addServers, type ServerAnswer} from '../answers.js';
import {parseServers} from '../parse-servers.js';
import {FEWEST_SERVERS} from '../propose-roles.js';
import type {Prompter} from '../terminal/prompter.js';

/** Asks for servers, one or several a line, until there are enough of them. */
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
        ...repeated.map((each) => `    ${signs.done} ${shown(each)} (was there)`),
        ...others.map(
          (each) => `    ! ${each.user} of ${each.address} is left out: all servers have one login user, ${user}`,
        ),
        ...faults.map(
          ({message, hint}) => `    ${signs.failed} ${hint === undefined ? message : `${message}: ${hint}`}`,
        ),
      ]);
    });
    if (servers.length < FEWEST_SERVERS) say(servers.length === 0 ? NONE : TOO_FEW);
  } while (servers.length < FEWEST_SERVERS);
  return {...answers, servers};
}

const MORE = styled`More servers, one or several a line; an empty line ends.`;

const INTRODUCTION = styled`Type or paste addresses or DNS names, one or several a line; an empty line ends.
A name and a user may stand with them: lb1=192.0.2.10, deploy@web.example.org`;

const NONE = styled`At least two servers are needed: one balances, the other has the site and its database.`;

/** Why a single server is refused. */
const TOO_FEW = styled`One server is not enough: the balancer and the web server behind it would both want ports
80 and 443 of the same machine. Give another address: two make a site, three have a
copy of the database as well.`;

function shown({name, user, address, port}: ServerAnswer): string {
  const place = port === undefined ? address : `${address} port ${port}`;
  return [name === undefined ? '' : `${name}:`, place, user === undefined ? '' : `as ${user}`]
    .filter(Boolean)
    .join(' ');
}
