import type {Choices, ServerChoice, ServerRole} from '../../project/choices.js';
import {type Concern, hasDatabase, type Sighted} from '../concern.js';
import type {Listener} from '../listening.js';

interface Need {
  readonly ports: readonly number[];
  /** Processes that listen there once infra has set the server up. */
  readonly programs: readonly string[];
}

/** The server itself, and the question for its health, for which systemd listens. */
const DATABASE: readonly Need[] = [
  {ports: [3306], programs: ['mariadbd', 'mysqld']},
  {ports: [9200], programs: ['systemd']},
];

/**
 * Ports of the roles in a new project, those for the host itself too. Web servers have no use for port 80: a program
 * that answers there now is one that the firewall would cut off.
 */
const NEEDS: Readonly<Record<ServerRole, readonly Need[]>> = {
  balancer: [{ports: [80, 443, 3306, 3307, 8405], programs: ['haproxy']}],
  web: [{ports: [80, 443, 8099], programs: ['nginx']}],
  primary: DATABASE,
  replica: DATABASE,
};

/** Ports that a server's roles need and that another program has. */
export function portConcerns({choices, server, survey}: Sighted): readonly Concern[] {
  const taken = survey.listening.filter((listener) => isForeign(listener, server, choices));
  const byProgram = new Map(taken.map(({program}) => [program, taken.filter((each) => each.program === program)]));
  return [...byProgram.values()].flatMap((listeners) => {
    const [first] = listeners;
    return first ? [concern(server, first, listeners)] : [];
  });
}

function isForeign({port, program}: Listener, {roles}: ServerChoice, {database}: Choices): boolean {
  const needs = roles.flatMap((role) => NEEDS[role]).filter(({ports}) => ports.includes(port));
  if (needs.length === 0) return false;
  if (program === OTHER_DATABASE[database]) return true;
  return !needs.some(({programs}) => programs.includes(program));
}

/** What runs when the other database is there already. */
const OTHER_DATABASE = {mariadb: 'mysqld', mysql: 'mariadbd'};

function concern(server: ServerChoice, first: Listener, listeners: readonly Listener[]): Concern {
  const {name} = server;
  const ports = [...new Set(listeners.map(({port}) => port))];
  const [last, ...before] = ports.reverse();
  const numbers = before.length > 0 ? `ports ${before.reverse().join(', ')} and ${last}` : `port ${last}`;
  const holder = first.program === '' ? 'a program that does not show' : first.program;
  return {
    server: name,
    message: `${numbers} of ${name} ${ports.length > 1 ? 'are' : 'is'} used by ${holder}`,
    hint: `${hintFor(server, first)}; or give ${name} another role`,
  };
}

/** Nobody is told to stop a database, which may have data. */
function hintFor(server: ServerChoice, listener: Listener): string {
  const database = DATABASES.get(listener.program);
  if (database === undefined) return `On ${server.name}: ${release(listener)}`;
  return hasDatabase(server) ? `Choose ${database}, which is there already` : 'Move that database to another server';
}

const DATABASES = new Map([
  ['mysqld', 'MySQL'],
  ['mariadbd', 'MariaDB'],
]);

/** How the port gets free. Stopping SSH would lock out, and stopping Docker stop more than what has the port. */
function release({program, unit, port}: Listener): string {
  if (program === 'sshd') return 'have sshd listen to another port';
  if (program === 'docker-proxy') return `stop the container that sudo docker ps --filter publish=${port} shows`;
  if (unit === '') return `see what it belongs to with sudo ss -ltnp 'sport = :${port}', and stop that`;
  return `sudo systemctl disable --now ${unit.replace(/\.service$/, '')}`;
}
