import {type Command, type Reply, sh} from '../../shell/index.js';
import {literal, ROWS, type ServerFamily} from '../../tasks/mysql/client.js';
import {type Chunk, checksumQuery} from './checksum.js';
import {type Checksum, parseChecksums} from './compare.js';

/** A server that is asked. Resolves with the answer of a command, whatever its exit code; rejects when it is lost. */
export interface CheckedServer {
  readonly name: string;
  ask(command: Command): Promise<Reply>;
}

/** The servers of a comparison. */
export interface ComparedServers {
  readonly family: ServerFamily;
  readonly primary: CheckedServer;
  readonly replicas: readonly CheckedServer[];
}

/** How gentle a comparison is. */
export interface Load {
  /** The most seconds of one statement. */
  readonly limit: number;
  /** Seconds between two statements. */
  readonly pause: number;
}

export const LOAD: Load = {limit: 10, pause: 0.05};

/** A server refuses, or does not come to the transactions of the primary. The next attempt may succeed. */
export class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
}

/** What chunks came to on each server. */
export interface Checksums {
  readonly primary: ReadonlyMap<number, Checksum>;
  readonly replicas: ReadonlyMap<string, ReadonlyMap<number, Checksum>>;
}

/**
 * Computes chunks on the primary, and then on replicas that have executed all that the primary had by then. Nothing is
 * locked: where a replica is equal, it has all changes that the primary has made to the chunk; where it differs, the chunk
 * may have been changed in between. Rejects with `AttemptFailed`.
 */
export async function computeChunks(
  {family, primary, replicas}: ComparedServers,
  chunks: readonly Chunk[],
  load: Load,
): Promise<Checksums> {
  const queries = chunks
    .map((chunk, number) => `${checksumQuery(family, number, chunk)}\nDO SLEEP(${load.pause});`)
    .join('\n');
  const own = await answer(primary, statements(family, `${limited(family, load)}\n${queries}\n${EXECUTED[family]}`));
  const gtid = parseExecuted(own.stdout);
  const others = await Promise.all(replicas.map((each) => computeAt(each, {family, gtid, queries, load})));
  const found = replicas.map(({name}, index) => [name, others[index] ?? new Map()] as const);
  return {primary: parseChecksums(own.stdout), replicas: new Map(found)};
}

/** Seconds that a replica may need to execute what the primary has: it is compared while it follows. */
const CATCH_UP = 60;

interface At {
  readonly family: ServerFamily;
  readonly gtid: string;
  readonly queries: string;
  readonly load: Load;
  readonly seconds?: number;
}

/** What a replica computes when it has executed these transactions. Rejects with `AttemptFailed`. */
export async function computeAt(replica: CheckedServer, {queries, load, ...at}: At) {
  const {stdout} = await answerAt(replica, at, (wait) =>
    statements(at.family, `${wait}\n${limited(at.family, load)}\n${queries}`),
  );
  return parseChecksums(stdout);
}

/**
 * What a replica answers when it has executed these transactions. `command`: runs the statement that waits for them, and
 * then its own. Rejects with `AttemptFailed`.
 */
export async function answerAt(
  replica: CheckedServer,
  {family, gtid, seconds = CATCH_UP}: Pick<At, 'family' | 'gtid' | 'seconds'>,
  command: (wait: string) => Command,
): Promise<Reply> {
  const wait = family === 'mariadb' ? 'MASTER_GTID_WAIT' : 'WAIT_FOR_EXECUTED_GTID_SET';
  const reply = await answer(replica, command(`SELECT 'waited', ${wait}(${literal(gtid)}, ${seconds});`));
  if (/^waited\t0$/m.test(reply.stdout)) return reply;
  throw new AttemptFailed(`${replica.name} does not execute ${gtid} within ${seconds} s`);
}

/** Asks a server. Rejects with `AttemptFailed` where the command fails. */
export async function answer(server: CheckedServer, command: Command): Promise<Reply> {
  const reply = await server.ask(command);
  if (reply.code === 0) return reply;
  throw new AttemptFailed(`${server.name}: ${reply.stderr.trim() || `exit code ${reply.code}`}`);
}

/** Statements for a server; one that takes too long fails alone. */
function statements(family: ServerFamily, text: string): Command {
  return sh`printf %s ${text} | ${CLIENT[family]} ${ROWS} --default-character-set=utf8mb4 --force; true`;
}

/** The words of the client that asks as root. */
export const CLIENT: Readonly<Record<ServerFamily, readonly string[]>> = {
  mariadb: ['mariadb', '--no-defaults', '--skip-ssl'],
  mysql: ['mysql', '--no-defaults'],
};

/** What a primary has executed: for MariaDB the last transaction of each domain. */
export const EXECUTED: Readonly<Record<ServerFamily, string>> = {
  mariadb: "SELECT 'at', @@gtid_current_pos;",
  mysql: "SELECT 'at', REPLACE(@@global.gtid_executed, '\\n', '');",
};

/** Sets what every session of a comparison has alike: a time zone, and the longest time of a statement. */
export function limited(family: ServerFamily, {limit}: Load): string {
  const setting = family === 'mariadb' ? `max_statement_time = ${limit}` : `max_execution_time = ${limit * 1000}`;
  return `SET SESSION sql_mode = '', time_zone = '+00:00', ${setting};`;
}

/** The row of {@link EXECUTED}. Rejects with `AttemptFailed` where there is none. */
export function parseExecuted(stdout: string): string {
  const gtid = /^at\t([\w,: -]*)$/m.exec(stdout)?.[1];
  if (gtid === undefined) throw new AttemptFailed('the primary does not say which transactions it has');
  return gtid;
}
