import {createServer, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {serveHealth} from './serve-health.js';

/*
 * Database servers as the program of automatic failover sees them: their health over HTTP, and sessions.
 */

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

export const addressOf = (index: number) => `127.0.0.${index + 2}`;
const FOREVER = '18446744073709551615';

export function primary(name: string): FakeServer {
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

export function replica(name: string): FakeServer {
  const own = {role: 'replica', readOnly: true, source: addressOf(0), io: 'Yes', sql: 'Yes', received: '0-1-5'};
  return {...primary(name), ...own, says: {}, changes: []};
}

export function serveState(t: ExecutionContext, server: FakeServer): Promise<number> {
  return serveHealth(t, '0.0.0.0', () => {
    if (server.isDown) return undefined;
    const {role, readOnly, source, io, executed, received, says} = server;
    return {
      ...{role, read_only: readOnly ? 'on' : 'off', acks: 1, promise: source === '' ? '-' : 1},
      ...{source: source || '-', io: io.toLowerCase() || '-'},
      ...{executed, received: received || '-', revoked: 'no', hold: 'no', drain: 'no', since: 0, age: 0, promoted: 0},
      ...says,
    };
  });
}

export function serveSessions(t: ExecutionContext, path: string, server: FakeServer): void {
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
