import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer as createHttpServer} from 'node:http';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {databaseFailover} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, written} from '../compile.js';

/** A database server as the program sees it. A test changes it while the program runs. */
export interface FakeServer {
  readonly name: string;
  /** Neither its health nor its sessions answer. */
  isDown: boolean;
  role: string;
  readOnly: boolean;
  source: string;
  io: string;
  sql: string;
  executed: string;
  received: string;
  /** Further lines of `/state`, or others. */
  says: Record<string, string | number>;
  /** Milliseconds that its writes wait for a replica, as a text of digits. */
  patience: string;
  /** The session that has the lock; a test takes it with `test`. */
  lock: unknown;
  /** A statement that contains this text is refused. */
  refuses: string | undefined;
  /** Called with each statement before it is done. */
  before: (statement: string) => void;
  /** Statements that changed something. */
  readonly changes: string[];
}

/** The program of a balancer, with three servers of which the first is the primary. */
export interface FailoverProgram {
  readonly servers: readonly [FakeServer, FakeServer, FakeServer];
  readonly log: string[];
  /** Waits up to fifteen seconds for a line of the log. */
  logged(t: ExecutionContext, line: RegExp): Promise<void>;
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
  return {
    ...{servers, log, start},
    kill: () => void child?.kill('SIGKILL'),
    record: () => {
      const file = join(directory, 'state', 'failover.json');
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    },
    logged: async (context, line) => {
      for (let tries = 0; tries < 150 && !log.some((each) => line.test(each)); tries++) await sleep(100);
      context.true(
        log.some((each) => line.test(each)),
        `${line} expected in:\n${log.join('\n')}`,
      );
    },
  };
}

const addressOf = (index: number) => `127.0.0.${index + 2}`;
const FOREVER = '18446744073709551615';

function primary(name: string): FakeServer {
  return {
    ...{
      name,
      isDown: false,
      role: 'primary',
      readOnly: false,
      source: '',
      io: '',
      sql: '',
      executed: '0-1-5',
      received: '',
    },
    ...{says: {}, patience: FOREVER, lock: undefined, refuses: undefined, before: () => {}, changes: []},
  };
}

function replica(name: string): FakeServer {
  const own = {role: 'replica', readOnly: true, source: addressOf(0), io: 'Yes', sql: 'Yes', received: '0-1-5'};
  return {...primary(name), ...own, says: {}, changes: []};
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
    .replaceAll('/var/lib/database-failover', join(directory, 'state'));
}

async function serveState(t: ExecutionContext, server: FakeServer): Promise<number> {
  const http = createHttpServer((_, response) => {
    if (server.isDown) return void response.destroy();
    const {role, readOnly, source, io, executed, received, says} = server;
    const state = {
      ...{role, read_only: readOnly ? 'on' : 'off', waits: 'yes', source: source || '-', io: io.toLowerCase() || '-'},
      ...{executed, received: received || '-', revoked: 'no', hold: 'no', drain: 'no', since: 0, age: 0, promoted: 0},
      ...says,
    };
    const body = Object.entries(state).map(([key, value]) => `${key}: ${value}\n`);
    response.setHeader('Content-Length', body.join('').length);
    response.setHeader('Connection', 'close');
    response.end(body.join(''));
  });
  await new Promise<void>((done) => void http.listen(0, '0.0.0.0', () => done()));
  t.teardown(() => void http.close());
  // The address of a server that listens on TCP.
  return (http.address() as AddressInfo).port;
}

function serveSessions(t: ExecutionContext, path: string, server: FakeServer): void {
  const open = new Set<Socket>();
  const listener = createServer((socket) => {
    if (server.isDown) return void socket.destroy();
    open.add(socket);
    let rest = '';
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      if (server.lock === socket) server.lock = undefined;
    });
    socket.on('data', (bytes) => {
      const statements = (rest + String(bytes)).split(/;\n/);
      rest = statements.pop() ?? '';
      for (const statement of statements) perform(statement.trim(), server, socket);
    });
  });
  listener.listen(path);
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    listener.close();
  });
}

function perform(statement: string, server: FakeServer, socket: Socket): void {
  server.before(statement);
  if (server.isDown) return void socket.destroy();
  if (server.refuses !== undefined && statement.includes(server.refuses)) {
    return void socket.end(`ERROR 1227 (42000) at line 1: Access denied for ${statement}\n`);
  }
  const rows = answer(statement, server, socket);
  const text = rows.map((row, index) => {
    const fields = Object.entries(row).map(([name, value]) => `${name.padStart(30)}: ${value}\n`);
    return `*************************** ${index + 1}. row ***************************\n${fields.join('')}`;
  });
  socket.write(text.join(''));
}

function answer(statement: string, server: FakeServer, socket: Socket): Record<string, string | number>[] {
  const {executed, received, source, io, sql, patience} = server;
  const number = /^SELECT '(answer-\d+)'/.exec(statement)?.[1];
  if (number !== undefined) return [{end_of_answer: number}];
  if (statement.includes('AS patience')) return [{acknowledges: 1, patience, waits: 1}];
  if (statement.includes('GET_LOCK')) {
    server.lock ??= socket;
    return [{locked: server.lock === socket ? 1 : 0}];
  }
  if (statement.includes('AS copied')) return [{state: executed, copied: executed, logged: executed}];
  if (statement.startsWith('SHOW REPLICA STATUS')) {
    if (source === '') return [];
    return [{Master_Host: source, Slave_IO_Running: io, Slave_SQL_Running: sql, Gtid_IO_Pos: received}];
  }
  if (statement.startsWith('SHOW GLOBAL STATUS')) return [{Variable_name: 'clients', Value: 1}];
  if (statement.includes('AS read_only')) return [{read_only: server.readOnly ? 1 : 0}];
  if (!/^(?:SET SESSION|SELECT)/.test(statement)) change(statement, server);
  return [];
}

function change(statement: string, server: FakeServer): void {
  server.changes.push(statement);
  if (statement === 'STOP REPLICA IO_THREAD') server.io = 'No';
  if (statement === 'STOP REPLICA') Object.assign(server, {io: 'No', sql: 'No'});
  if (statement === 'START REPLICA') Object.assign(server, {io: 'Connecting', sql: 'Yes'});
  if (statement === 'RESET REPLICA ALL') Object.assign(server, {source: '', role: 'unconfirmed'});
  const host = /MASTER_HOST='([^']+)'/.exec(statement)?.[1];
  if (host !== undefined) server.source = host;
  if (statement === 'SET GLOBAL read_only=OFF') Object.assign(server, {readOnly: false, role: 'primary'});
}

/** The primary ends without a word, and the replicas notice. */
export function lose({servers}: FailoverProgram): void {
  const [old, ...replicas] = servers;
  old.isDown = true;
  for (const each of replicas) each.io = 'Connecting';
}
