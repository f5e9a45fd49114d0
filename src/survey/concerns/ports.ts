import type {Choices, ServerChoice, ServerProblem, ServerRole} from '../../project/choices.js';
import type {ListeningPort} from '../survey.js';
import {type ConcernContext, hasDatabase} from './concern.js';

interface Need {
  readonly ports: readonly number[];
  /** Processes that listen there once infra has set the server up. */
  readonly programs: readonly string[];
}

/** The database server itself, and its health checks, for which systemd listens. */
const DATABASE: readonly Need[] = [
  {ports: [3306], programs: ['mariadbd', 'mysqld']},
  {ports: [9200], programs: ['systemd']},
];

/**
 * Ports of the roles in a new project, those on the loopback too. Web servers do not use port 80, but a program that
 * answers there now would be cut off by the firewall.
 */
const NEEDS: Readonly<Record<ServerRole, readonly Need[]>> = {
  balancer: [{ports: [80, 443, 3306, 3307, 8405], programs: ['haproxy']}],
  web: [{ports: [80, 443, 8099], programs: ['nginx']}],
  primary: DATABASE,
  replica: DATABASE,
};

/** Ports that a server's roles need and that another program has. */
export function portConcerns({choices, server, survey}: ConcernContext): readonly ServerProblem[] {
  const taken = survey.listening.filter((listener) => isForeign(listener, server, choices));
  const byProgram = new Map(taken.map(({program}) => [program, taken.filter((each) => each.program === program)]));
  return [...byProgram.values()].flatMap((listeners) => {
    const [first] = listeners;
    return first ? [concern(server, first, listeners)] : [];
  });
}

function isForeign({port, program}: ListeningPort, {roles}: ServerChoice, {database}: Choices): boolean {
  const needs = roles.flatMap((role) => NEEDS[role]).filter(({ports}) => ports.includes(port));
  if (needs.length === 0) return false;
  if (program === OTHER_DATABASE[database]) return true;
  return !needs.some(({programs}) => programs.includes(program));
}

/** The program that runs when the other database is installed already. */
const OTHER_DATABASE = {mariadb: 'mysqld', mysql: 'mariadbd'};

function concern(server: ServerChoice, first: ListeningPort, listeners: readonly ListeningPort[]): ServerProblem {
  const {name} = server;
  const ports = [...new Set(listeners.map(({port}) => port))];
  const [last, ...before] = ports.reverse();
  const numbers = before.length > 0 ? `ports ${before.reverse().join(', ')} and ${last}` : `port ${last}`;
  const holder = first.program === '' ? 'an unknown program' : first.program;
  return {
    server: name,
    message: `${numbers} of ${name} ${ports.length > 1 ? 'are' : 'is'} used by ${holder}`,
    hint: `${hintFor(server, first)}\nOr give ${name} another role.`,
  };
}

/** Never advises to stop a database, which may have data. */
function hintFor(server: ServerChoice, listener: ListeningPort): string {
  const database = DATABASES.get(listener.program);
  if (database === undefined) return `On ${server.name}: ${release(listener)}`;
  return hasDatabase(server)
    ? `Choose ${database}, which is installed already.`
    : 'Move that database to another server.';
}

const DATABASES = new Map([
  ['mysqld', 'MySQL'],
  ['mariadbd', 'MariaDB'],
]);

/** How to free the port. Stopping SSH would lock the user out, and stopping Docker would stop more than what has the port. */
function release({program, unit, port}: ListeningPort): string {
  if (program === 'sshd') return 'make sshd listen on another port';
  if (program === 'docker-proxy') return `stop the container that sudo docker ps --filter publish=${port} shows`;
  if (unit === '') return `find the program with sudo ss -ltnp 'sport = :${port}', and stop it.`;
  return `sudo systemctl disable --now ${unit.replace(/\.service$/, '')}`;
}
