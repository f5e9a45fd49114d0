import {Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, join, type Reply, Secret, sh, showAs} from '../../shell/index.js';

export type ServerFamily = 'mariadb' | 'mysql';

/** The server that answered a probe. */
export interface Server {
  readonly family: ServerFamily;
  /** Such as `11.8.6-MariaDB-0+deb13u1` or `9.7.4`. */
  readonly version: string;
}

/** SQL text in pieces; the secret ones are masked when shown. */
export type Statements = readonly (string | Secret)[];

/** Client options for one tab-separated line a row, or for one `name: value` line a column. */
export const ROWS = ['--batch', '--skip-column-names'] as const;
export const COLUMNS = ['--vertical'] as const;

/**
 * Asks the host's server as root over its socket, each family with its own SQL. Prints `no client` where neither is
 * installed. The SQL goes in through the shell's built-in `printf`: nothing of it shows in the process list.
 */
export function askServer(sql: Readonly<Record<ServerFamily, string>>, options: readonly string[] = ROWS): Command {
  const {mariadb, mysql} = sql;
  return sh`if command -v mariadb >/dev/null; then ${feedClient('mariadb', [mariadb], options)}
elif command -v mysql >/dev/null; then ${feedClient('mysql', [mysql], options)}
else echo 'no client'; fi`;
}

/** Runs statements until one fails. People see `mariadb: STATEMENTS`, without their secrets. */
export function runStatements(family: ServerFamily, statements: Statements): Command {
  return showAs(`${family}: ${statements.map(String).join('').trim()}`, feedClient(family, statements, ROWS));
}

/** The default modes read quotes and backslashes in one way, whatever the server's file says. */
function feedClient(client: ServerFamily, statements: Statements, options: readonly string[]): Command {
  const pieces = ["SET SESSION sql_mode='';\n", ...statements].map((piece) => sh`${piece}`);
  return sh`printf %s ${join(pieces, '')} | ${client} ${[...options, ...PLAIN[client]]} --default-character-set=utf8mb4`;
}

/**
 * MariaDB's client, 11.4 and newer, verifies the server even over its own socket: with a certificate that it does not
 * trust nothing could be fixed. MySQL's speaks no TLS there.
 */
export const PLAIN: Readonly<Record<ServerFamily, readonly string[]>> = {mariadb: ['--skip-ssl'], mysql: []};

/**
 * Which server answered. `tolerated`: numbers of errors that the probe expects. Throws `UnreadableReply` for any other.
 * The reply must hold the version as the column or row `server`.
 */
export function readServer(reply: Reply, tolerated: readonly number[] = []): Server | Unknown {
  if (reply.stdout.trim() === 'no client') return new Unknown('neither MariaDB nor MySQL is installed');
  const errors = [...reply.stderr.matchAll(/^ERROR (\d+).*$/gm)].filter(
    ([, code]) => !tolerated.includes(Number(code)),
  );
  if (errors.some(([, code]) => code === '2002')) return new Unknown('the database server is not running');
  if (errors[0]) throw new UnreadableReply(`the database server refuses: ${errors[0][0]}`);
  // A client that was killed has printed only a part, and what is missing would look absent.
  if (reply.code > 1 || (reply.code === 1 && !/^ERROR /m.test(reply.stderr))) {
    throw new UnreadableReply(`the database client ended with exit code ${reply.code}: ${reply.stderr.slice(-300)}`);
  }
  const version = /^ *server(?:\t|: )(.+)$/m.exec(reply.stdout)?.[1];
  if (version === undefined) throw new UnreadableReply(`the database client answers: ${reply.stderr.slice(-300)}`);
  return {family: /mariadb/i.test(version) ? 'mariadb' : 'mysql', version};
}

/** The server of a reply that has been parsed before: it is known to name one. */
export function serverOf(reply: Reply, tolerated: readonly number[] = []): Server {
  const server = readServer(reply, tolerated);
  if (server instanceof Unknown) throw new UnreadableReply(server.because);
  return server;
}

/** The rows of `ROWS` output: fields with the client's escapes undone. */
export function parseRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) =>
    line.split('\t').map((field) => field.replace(/\\([\\nt0])/g, (_, code) => ESCAPES[code] ?? '')),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {'\\': '\\', n: '\n', t: '\t', '0': '\0'};

/** A column that the probe sent as HEX(), so that any character passes. Throws `UnreadableReply` for anything else. */
export function fromHex(hex: string | undefined): string {
  if (hex === undefined || !/^(?:[\da-f]{2})*$/i.test(hex))
    throw new UnreadableReply('the database answers no hexadecimal digits');
  return Buffer.from(hex, 'hex').toString();
}

/** The members of a JSON object that the server holds; the caller checks the type of each. Throws `UnreadableReply`. */
export function parseMembers(json: string): Readonly<Record<string, unknown>> {
  const value = parseJson(json);
  if (!isMembers(value)) throw new UnreadableReply('the database answers JSON that is not an object');
  return value;
}

export function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadableReply('the database answers JSON that cannot be read');
  }
}

/** A string literal of both families; {@link feedClient} switches backslash escapes on. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A quoted identifier of both families. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `'user'@'host'` */
export function account(name: string, host: string): string {
  return `${literal(name)}@${literal(host)}`;
}

/** A string literal that is never shown. */
export function secretLiteral(secret: Secret): Secret {
  return new Secret(literal(secret.reveal()));
}
