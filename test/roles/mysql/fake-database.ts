import {createServer, type Socket} from 'node:net';

/** A row that a statement returns: text by column. */
type Row = Readonly<Record<string, string | null>>;

/** What a fake server answers, and what it has been told. A test changes it while it runs. */
export interface FakeDatabase {
  readOnly: boolean;
  executed: string;
  /** Whether its writes wait for a replica, and how many milliseconds. */
  waits: boolean;
  patience: string;
  /** The row of SHOW REPLICA STATUS; undefined for none. */
  replica: Row | undefined;
  /** Ids of clients' sessions. */
  sessions: readonly string[];
  /** Takes connections and statements, and answers none: a process that is stopped. */
  isSilent: boolean;
  /** An error in place of a greeting: `[1040, 'Too many connections']`. */
  refuses: readonly [number, string] | undefined;
  /** Statements that changed something. */
  readonly changes: string[];
  close(): Promise<void>;
}

/** Listens on a Unix socket and speaks as much of the protocol of MariaDB as the health service uses. */
export async function fakeDatabase(path: string): Promise<FakeDatabase> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    serve(socket, database);
  });
  const database: FakeDatabase = {
    ...{readOnly: false, executed: '0-1-5', replica: undefined, sessions: [], isSilent: false, refuses: undefined},
    ...{waits: false, patience: '18446744073709551615'},
    changes: [],
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((done) => void server.close(() => done()));
    },
  };
  await new Promise<void>((done) => void server.listen(path, () => done()));
  return database;
}

function serve(socket: Socket, database: FakeDatabase): void {
  if (database.refuses) return void socket.end(packet(0, errorOf(...database.refuses)));
  socket.write(packet(0, Buffer.from('\x0a11.8.0-MariaDB\0')));
  let isLoggedIn = false;
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const body = rest.subarray(4, 4 + rest.readUIntLE(0, 3));
      rest = rest.subarray(4 + body.length);
      if (database.isSilent) continue;
      socket.write(isLoggedIn ? answer(body.subarray(1).toString(), database) : packet(2, OK));
      isLoggedIn = true;
    }
  });
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const END = Buffer.from([0xfe, 0, 0, 2, 0]);

function answer(sql: string, database: FakeDatabase): Buffer {
  const {readOnly, executed, replica, sessions} = database;
  if (sql.includes('@@global.read_only AS')) {
    const semiSync = {waits: database.waits ? '1' : '0', patience: database.patience, patient: '1', acks: '1'};
    return rowsOf([{...semiSync, read_only: readOnly ? '1' : '0', state: executed, copied: '', logged: executed}]);
  }
  if (sql.startsWith('SHOW REPLICA STATUS')) return rowsOf(replica ? [replica] : []);
  if (sql.startsWith('SHOW GLOBAL STATUS')) return rowsOf([{Variable_name: 'Uptime', Value: '1'}]);
  if (sql.includes('PROCESSLIST')) return rowsOf(clients(sql, sessions).map((id) => ({id})));
  if (!sql.startsWith('SET SESSION')) database.changes.push(sql);
  const set = /^SET GLOBAL (?:.*, GLOBAL )?read_only=(ON|OFF)$/.exec(sql)?.[1];
  if (set !== undefined) database.readOnly = set === 'ON';
  return packet(1, OK);
}

/** With a program of root that logs in at the moment, unless the question leaves out logins on the host itself. */
function clients(sql: string, sessions: readonly string[]): readonly string[] {
  const leavesOut = /AND NOT \(USER = 'unauthenticated user' AND HOST = 'localhost'\)/.test(sql);
  return leavesOut ? sessions : ['of root', ...sessions];
}

function rowsOf(rows: readonly Row[]): Buffer {
  const columns = Object.keys(rows[0] ?? {none: ''});
  const definitions = columns.map((name) => Buffer.concat([...['def', '', '', '', name, name].map(text), TAIL]));
  const values = rows.map((row) => Buffer.concat(columns.map((name) => text(row[name] ?? null))));
  const bodies = [Buffer.from([columns.length]), ...definitions, END, ...values, END];
  return Buffer.concat(bodies.map((body, index) => packet(index + 1, body)));
}

/** The fixed fields of a column. */
const TAIL = Buffer.from([12, 33, 0, 0, 1, 0, 0, 253, 0, 0, 0, 0, 0]);

function text(value: string | null): Buffer {
  if (value === null) return Buffer.from([0xfb]);
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}

function errorOf(code: number, message: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from(message)]);
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}
