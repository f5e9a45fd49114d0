import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {databaseHealth} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';
import {type FakeDatabase, fakeDatabase} from './fake-database.js';
import {serveHealth} from './serve-health.js';

/** Lines of a peer's `/state`; undefined: it does not answer. */
export type PeerState = Readonly<Record<string, string | number>> | undefined;

/** The health service of a fake server with two peers, as it runs on a host. */
export interface HealthProgram {
  readonly database: FakeDatabase;
  /** By the names of the peers. */
  readonly peers: {db2: PeerState; db3: PeerState};
  /** The status and the text of an answer. */
  ask(path: string): Promise<string>;
  /** Waits up to fifteen seconds for an answer. */
  expect(t: ExecutionContext, path: string, answer: RegExp | string): Promise<void>;
  /** Waits until the server has been told these statements, and no others. */
  told(t: ExecutionContext, statements: readonly string[]): Promise<void>;
  /** What it has written down of its source, without the times. */
  promise(): string;
  /** Makes a file that operators use: `drain` or `hold`. */
  touch(name: string): void;
  /** Ends the server, or starts another process of it. */
  stopServer(): Promise<void>;
  startServer(state: Partial<FakeDatabase>): Promise<void>;
}

const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.10}}}
primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}, db3: {address: 192.0.2.3}}}
`;

/** A replica of this server that lacks nothing, as it says itself. */
export const FOLLOWER = {
  ...{role: 'replica', read_only: 'on', source: '192.0.2.1', io: 'connecting', sql: 'yes', lag: '-'},
  ...{executed: '0-1-5', received: '0-1-5', revoked: 'no', age: 0, promoted: 0, history: '0-1-5'},
};

/** Listens as systemd does, prints the port, and becomes the program. */
const LAUNCHER = `use Socket; use POSIX (); $^F = 10; socket my $s, AF_INET, SOCK_STREAM, 0;
bind $s, pack_sockaddr_in(0, INADDR_LOOPBACK); listen $s, 16; POSIX::dup2(fileno $s, 3);
$| = 1; print +(unpack_sockaddr_in(getsockname $s))[0], "\\n"; exec $^X, $ARGV[0]`;

/** Starts it with a server in this state; everything ends with the test. */
export async function startProgram(
  t: ExecutionContext,
  acks: number,
  state: Partial<FakeDatabase>,
): Promise<HealthProgram> {
  const directory = mkdtempSync(join(tmpdir(), 'infra-health-'));
  t.teardown(() => rmSync(directory, {recursive: true, force: true}));
  const socket = join(directory, 'mysqld.sock');
  const peers: HealthProgram['peers'] = {db2: undefined, db3: undefined};
  const ports = [
    await serveHealth(t, '127.0.0.1', () => peers.db2),
    await serveHealth(t, '127.0.0.1', () => peers.db3),
  ];
  let database = Object.assign(await fakeDatabase(socket), state);
  t.teardown(() => database.close());
  const port = await launch(t, directory, program(directory, acks, ports));
  const ask = async (path: string) => {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${reply.status} ${(await reply.text()).trim()}`;
  };
  return {
    get database() {
      return database;
    },
    ...{peers, ask},
    expect: (context, path, answer) => expectAnswer(context, () => ask(path), answer),
    told: async (context, statements) => {
      for (let tries = 0; tries < 100 && database.changes.length < statements.length; tries++) await sleep(50);
      context.deepEqual(database.changes, statements);
    },
    promise: () => readFileSync(join(directory, 'promise'), 'utf8').replace(/( \d+){2}\n$/, ''),
    touch: (name) => writeFileSync(join(directory, name), ''),
    stopServer: () => database.close(),
    startServer: async (next) => {
      database = Object.assign(await fakeDatabase(socket), next);
    },
  };
}

function program(directory: string, acks: number, [second, third]: readonly number[]): string {
  const role = databaseHealth({acks});
  const {text} = written(compile(role, SITE, 'primary').get('template /usr/local/sbin/database-health'));
  return text
    .replaceAll('/run/mysqld', directory)
    .replaceAll('/etc/mysql/mariadb.conf.d', directory)
    .replaceAll('/etc/mysql', directory)
    .replaceAll('/var/lib/database-health', directory)
    .replace("'192.0.2.2', 9200", `'127.0.0.1', ${second}`)
    .replace("'192.0.2.3', 9200", `'127.0.0.1', ${third}`);
}

async function launch(t: ExecutionContext, directory: string, text: string): Promise<number> {
  const file = join(directory, 'database-health');
  writeFileSync(file, text);
  const child = spawn('perl', ['-e', LAUNCHER, file], {stdio: ['ignore', 'pipe', 'pipe']});
  t.teardown(() => void child.kill('SIGKILL'));
  child.stderr.on('data', (bytes) => t.log(String(bytes).trim()));
  const port = await new Promise<number>((done) => child.stdout.once('data', (bytes) => done(Number(bytes))));
  for (let tries = 0; tries < 50 && !existsSync(join(directory, 'memory')); tries++) await sleep(50);
  return port;
}

async function expectAnswer(t: ExecutionContext, ask: () => Promise<string>, wanted: RegExp | string): Promise<void> {
  const isWanted = (text: string) => (typeof wanted === 'string' ? text === wanted : wanted.test(text));
  let answer = await ask();
  for (let tries = 0; tries < 150 && !isWanted(answer); tries++) {
    await sleep(100);
    answer = await ask();
  }
  t.true(isWanted(answer), `${wanted} expected, not ${answer}`);
}
