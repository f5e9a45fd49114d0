import type {Choices, ServerChoice, ServerRole} from './choices.js';
import type {Fault} from './fault.js';
import {serversFor} from './groups.js';

/** What is wrong with who does what. */
export function roleFaults(choices: Choices): readonly Fault[] {
  if (choices.servers.length === 0)
    return [{message: 'there are no servers', hint: 'give the address of at least two, better three'}];
  return [...choices.servers.flatMap(clashes), ...missing(choices), ...primaries(choices)];
}

/** Balancers and web servers both listen on 443, balancers and databases on 3306. */
function clashes({name, roles}: ServerChoice): Fault[] {
  const fault = (message: string, hint: string): Fault[] => [{server: name, message, hint}];
  const is = (role: ServerRole) => roles.includes(role);
  if (is('balancer') && is('web'))
    return fault(
      `${name} cannot be balancer and web server: both listen on port 443`,
      'make another server the balancer',
    );
  if (is('balancer') && (is('primary') || is('replica')))
    return fault(
      `${name} cannot be balancer and database: both listen on port 3306`,
      'move the database to a web server, or to one of its own',
    );
  if (is('primary') && is('replica'))
    return fault(`${name} cannot be a replica of itself`, 'make it primary, and another server the replica');
  return [];
}

function missing(choices: Choices): Fault[] {
  const {length} = choices.servers;
  const fault = (role: ServerRole, what: string): Fault[] => {
    if (serversFor(role, choices).length > 0) return [];
    const hint =
      length === 1 ? 'add a second server: the balancer needs one of its own' : `make one of the servers ${what}`;
    return [{message: `no server is ${what}`, hint}];
  };
  return [...fault('balancer', 'the balancer'), ...fault('web', 'a web server')];
}

function primaries(choices: Choices): Fault[] {
  const [first, second] = serversFor('primary', choices);
  const [replica] = serversFor('replica', choices);
  if (first !== undefined && second !== undefined)
    return [
      {
        server: second.name,
        message: `${first.name} and ${second.name} cannot both be the primary: one database takes the writes`,
        hint: `make ${second.name} a replica`,
      },
    ];
  if (first !== undefined) return [];
  if (replica === undefined)
    return [{message: 'no server is the primary, which holds the database', hint: 'make a web server the primary too'}];
  const message = `${replica.name} is a replica, and there is no primary to copy from`;
  return [{server: replica.name, message, hint: `make ${replica.name}, or another server, the primary`}];
}
