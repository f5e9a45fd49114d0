import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {databaseFailover} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, written} from '../compile.js';
import {addressOf, type FakeServer, primary, replica, serveSessions, serveState} from './failover-servers.js';

/** The program of a balancer, with three servers of which the first is the primary. */
export interface FailoverProgram {
  readonly servers: readonly [FakeServer, FakeServer, FakeServer];
  readonly log: string[];
  /** Waits for a line of the log. */
  logged(t: ExecutionContext, line: RegExp): Promise<void>;
  /** Waits until it hears all servers. */
  watches(t: ExecutionContext): Promise<void>;
  /** Waits for a status with such values. */
  shows(t: ExecutionContext, status: Readonly<Record<string, string | RegExp>>): Promise<void>;
  record(): Record<string, string>;
  /** Ends it as a loss of power would, and starts it again. */
  kill(): void;
  start(): void;
}

export const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.10}, lb2: {address: 192.0.2.11}}}
primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}, db3: {address: 192.0.2.3}}}
`;

export const OPTIONS = {password: new Secret('x'), semiSync: {onReplicaLoss: 'stop'}} as const;

/** A client: what it gets goes to the server's socket, and back. It ends when the server closes, as the real one does. */
const CLIENT = `use Socket; my ($host) = map { /^--host=(.*)/ } @ARGV; socket my $s, AF_UNIX, SOCK_STREAM, 0;
connect $s, pack_sockaddr_un("DIRECTORY/$host") or die "ERROR 2002: $!\\n"; $| = 1;
while (1) { my $in = ''; vec($in, 0, 1) = 1; vec($in, fileno $s, 1) = 1; select $in, undef, undef, undef;
if (vec $in, 0, 1) { sysread STDIN, my $x, 65536 or exit; syswrite $s, $x }
if (vec $in, fileno $s, 1) { sysread $s, my $x, 65536 or exit; syswrite STDOUT, $x } }`;

/** The primary is up, the replicas follow it. Seconds without a sign of it until the program acts: 3. */
export async function startFailover(t: ExecutionContext, options: object = {}): Promise<FailoverProgram> {
  const directory = mkdtempSync(join(tmpdir(), 'infra-failover-'));
  t.teardown(() => rmSync(directory, {recursive: true, force: true}));
  mkdirSync(join(directory, 'state'));
  writeFileSync(join(directory, 'client'), `#!${'/usr/bin/perl'}\n${CLIENT.replace('DIRECTORY', directory)}`, {
    mode: 0o755,
  });
  const servers = [primary('db1'), replica('db2'), replica('db3')] as const;
  const ports = await Promise.all(servers.map((server) => serveState(t, server)));
  for (const [index, server] of servers.entries()) serveSessions(t, join(directory, addressOf(index)), server);
  writeFileSync(join(directory, 'program'), programText(directory, ports, options));
  const log: string[] = [];
  let child: ReturnType<typeof spawn> | undefined;
  const start = () => {
    child = spawn('perl', [join(directory, 'program')], {stdio: ['ignore', 'ignore', 'pipe']});
    child.stderr?.on('data', (bytes) => log.push(...String(bytes).trim().split('\n')));
  };
  t.teardown(() => void child?.kill('SIGKILL'));
  start();
  const json = (name: string): Record<string, string> => {
    const file = join(directory, 'state', name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  };
  const shows: FailoverProgram['shows'] = async (context, wanted) => {
    const fits = (value: string | undefined, one: string | RegExp) =>
      typeof one === 'string' ? value === one : value !== undefined && one.test(value);
    const isShown = () => Object.entries(wanted).every(([key, one]) => fits(json('status.json')[key], one));
    for (let tries = 0; tries < 400 && !isShown(); tries++) await sleep(100);
    context.true(isShown(), `${JSON.stringify(json('status.json'))}, log:\n${log.join('\n')}`);
  };
  return {
    ...{servers, log, start, shows},
    watches: (context) => shows(context, {silent: ''}),
    kill: () => void child?.kill('SIGKILL'),
    record: () => json('failover.json'),
    logged: async (context, line) => {
      for (let tries = 0; tries < 400 && !log.some((each) => line.test(each)); tries++) await sleep(100);
      context.true(
        log.some((each) => line.test(each)),
        `${line} expected in:\n${log.join('\n')}`,
      );
    },
  };
}

function programText(directory: string, ports: readonly number[], options: object): string {
  const role = databaseFailover({...OPTIONS, after: 5, ...options});
  const {text} = written(compile(role, SITE, 'lb').get('template /usr/local/sbin/database-failover'));
  return ports
    .reduce((all, port, index) => all.replace(`'192.0.2.${index + 1}', 9200`, `'${addressOf(index)}', ${port}`), text)
    .replace('AFTER => 5', 'AFTER => 3')
    .replace('now() + 10)', 'now() + 1)')
    .replace('2 + rand 3', '0.5')
    .replace(/PORT => \d+/, 'PORT => 1')
    .replace('qw(mariadb ', `qw(${join(directory, 'client')} `)
    .replaceAll(/\/(?:var\/lib|run)\/database-failover/g, join(directory, 'state'));
}

/** The primary ends without a word, and the replicas notice. */
export function lose({servers}: FailoverProgram): void {
  const [old, ...replicas] = servers;
  old.isDown = true;
  for (const each of replicas) each.io = 'Connecting';
}
