import type {Choices, ServerChoice, ServerRole} from '../../project/choices.js';
import type {Concern, Sighted} from '../concern.js';
import type {Listener} from '../listening.js';

/** Ports that the roles of a new project listen to, and the program that is theirs. Those of the health: `systemd`. */
const NEEDS: Readonly<Record<ServerRole, readonly {ports: readonly number[]; programs: readonly string[]}[]>> = {
  balancer: [{ports: [80, 443, 3306, 3307], programs: ['haproxy']}],
  web: [{ports: [80, 443], programs: ['nginx']}],
  primary: [
    {ports: [3306], programs: ['mariadbd', 'mysqld']},
    {ports: [9200], programs: ['systemd']},
  ],
  replica: [
    {ports: [3306], programs: ['mariadbd', 'mysqld']},
    {ports: [9200], programs: ['systemd']},
  ],
};

/** Ports that a server's roles need and that another program has. */
export function portConcerns({choices, server, survey}: Sighted): readonly Concern[] {
  const taken = survey.listening.filter((listener) => isForeign(listener, server, choices));
  const byProgram = new Map(taken.map(({program}) => [program, taken.filter((each) => each.program === program)]));
  return [...byProgram.values()].flatMap((listeners) => {
    const [first] = listeners;
    return first ? [concern(server.name, first, listeners)] : [];
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

function concern(name: string, first: Listener, listeners: readonly Listener[]): Concern {
  const ports = [...new Set(listeners.map(({port}) => port))];
  const numbers = `${ports.length > 1 ? 'ports' : 'port'} ${ports.join(' and ')}`;
  const holder = first.program === '' ? 'a program that does not show' : first.program;
  return {
    server: name,
    message: `${numbers} of ${name} ${ports.length > 1 ? 'are' : 'is'} used by ${holder}`,
    hint: `On ${name}: ${release(first)}; or give ${name} another role`,
  };
}

/** How the port gets free. Stopping SSH would lock out, and stopping Docker stop more than what has the port. */
function release({program, unit, port}: Listener): string {
  if (program === 'sshd') return 'have sshd listen to another port';
  if (program === 'docker-proxy') return `stop the container that sudo docker ps --filter publish=${port} shows`;
  if (unit === '') return `see what it belongs to with sudo ss -ltnp 'sport = :${port}', and stop that`;
  return `sudo systemctl disable --now ${unit.replace(/\.service$/, '')}`;
}
