import {setTimeout as sleep} from 'node:timers/promises';
import {type Connection, createConnection} from 'mysql2/promise';
import type {ClientKind, Write} from './ledger.js';

/** Where the clients write, and as which user. The server's certificate is not checked: other tests do that. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** How many clients of each kind, and how long each pauses between two rows and after a refusal, in milliseconds. */
export interface Load {
  readonly kept: number;
  readonly fresh: number;
  /** Default 0. */
  readonly pause?: number;
  /** Default 50. */
  readonly retry?: number;
}

/** Clients that append numbered rows until they are told to end. */
export interface Writers {
  /** Rows that were acknowledged until now. */
  acknowledged(): number;
  /** Everything that has had an answer until now. */
  soFar(): readonly Write[];
  /** The time of the ledger: milliseconds since the beginning. */
  now(): number;
  /** No new rows; those on their way have `seconds` (default 5) to be answered. Gives everything that was tried. */
  end(seconds?: number): Promise<readonly Write[]>;
}

/** `seq` lets the same number be there twice, which is then found. */
export const TABLE = `CREATE DATABASE IF NOT EXISTS rig;
CREATE TABLE IF NOT EXISTS rig.numbers (
  seq BIGINT AUTO_INCREMENT PRIMARY KEY, id BIGINT NOT NULL, KEY (id)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS rig.probes (server VARCHAR(64) NOT NULL, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);`;

/** A connection that is not there after this many milliseconds is given up. */
const CONNECT_MS = 10_000;

/** Each number is sent once, whatever becomes of it. `first`: the first number. */
export function startWriters(target: Target, {kept, fresh, pause = 0, retry = 50}: Load, first = 1): Writers {
  const ledger = new Ledger(first);
  const pauses = {pause, retry};
  const open = new Set<Connection>();
  const clients = [
    ...Array.from({length: kept}, () => keepWriting(target, ledger, open, pauses)),
    ...Array.from({length: fresh}, () => writeAfresh(target, ledger, open, pauses)),
  ];
  const end = async (seconds = 5) => {
    ledger.ended = true;
    const late = setTimeout(() => ledger.giveUp(open), seconds * 1000);
    await Promise.all(clients);
    clearTimeout(late);
    return ledger.writes;
  };
  return {end, acknowledged: () => ledger.acknowledged, soFar: () => [...ledger.writes], now: () => ledger.now()};
}

/** What the clients know, outside the database. */
class Ledger {
  readonly writes: Write[] = [];
  readonly #began = performance.now();
  #next: number;
  readonly #waiting = new Set<() => void>();
  #isLate = false;
  ended = false;
  acknowledged = 0;

  constructor(first: number) {
    this.#next = first;
  }

  now(): number {
    return performance.now() - this.#began;
  }

  /** A connection that is destroyed leaves its statements without an answer. */
  giveUp(open: ReadonlySet<Connection>): void {
    this.#isLate = true;
    for (const late of this.#waiting) late();
    for (const connection of open) connection.destroy();
  }

  /**
   * Rejects when the ledger no longer waits. `Promise.race` with one promise that stays open would keep every connection in
   * memory until the end.
   */
  #orLate<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error('no answer until the end'));
      if (this.#isLate) late();
      this.#waiting.add(late);
      work.then(resolve, reject).finally(() => this.#waiting.delete(late));
    });
  }

  /** Sends the next number over the connection that `connect` gives. Throws what `connect` or the server threw. */
  async append(kind: ClientKind, connect: () => Promise<Connection>): Promise<void> {
    const id = this.#next++;
    const sent = this.now();
    const note = (outcome: Write['outcome'], error?: unknown) => {
      const ended = this.now();
      this.writes.push({id, kind, sent, ended, outcome, ...(error !== undefined && {error: nameOf(error)})});
    };
    let isSent = false;
    try {
      const connection = await this.#orLate(connect());
      isSent = true;
      await this.#orLate(connection.query(`INSERT INTO rig.numbers (id) VALUES (${id})`));
      note('acknowledged');
      this.acknowledged++;
    } catch (error) {
      note(isSent && !isRefusal(error) ? 'uncertain' : 'refused', error);
      throw error;
    }
  }
}

type Pauses = Required<Pick<Load, 'pause' | 'retry'>>;

async function keepWriting(
  target: Target,
  ledger: Ledger,
  open: Set<Connection>,
  {pause, retry}: Pauses,
): Promise<void> {
  let connection: Connection | undefined;
  while (!ledger.ended) {
    try {
      await ledger.append('kept', async () => {
        connection ??= await connectTo(target, open);
        return connection;
      });
      await sleep(pause);
    } catch {
      connection?.destroy();
      connection = undefined;
      await sleep(retry);
    }
  }
  connection?.destroy();
}

async function writeAfresh(
  target: Target,
  ledger: Ledger,
  open: Set<Connection>,
  {pause, retry}: Pauses,
): Promise<void> {
  while (!ledger.ended) {
    let connection: Connection | undefined;
    try {
      await ledger.append('fresh', async () => {
        connection = await connectTo(target, open);
        return connection;
      });
      await sleep(pause);
    } catch {
      await sleep(retry);
    }
    connection?.destroy();
  }
}

/** Whether a server takes a write now, tried: `yes`, or why not. One that does not answer within eight seconds does not. */
export async function takesWrites(target: Target, name: string): Promise<string> {
  const open = new Set<Connection>();
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer')), 8000).unref();
  });
  late.catch(() => {});
  try {
    const connection = await Promise.race([connectTo(target, open), late]);
    await Promise.race([connection.query(`INSERT INTO rig.probes (server) VALUES ('${name}')`), late]);
    return 'yes';
  } catch (error) {
    return nameOf(error);
  } finally {
    for (const connection of open) connection.destroy();
  }
}

async function connectTo(target: Target, open: Set<Connection>): Promise<Connection> {
  const ssl = {rejectUnauthorized: false};
  const connection = await createConnection({...target, ssl, connectTimeout: CONNECT_MS});
  open.add(connection);
  // The statement that waits fails anyway.
  connection.on('error', () => {});
  connection.once('end', () => open.delete(connection));
  return connection;
}

/** The server answered with an error of its own: such a row is not there. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'sqlState' in error && error.sqlState !== undefined && !isShutdown(error);
}

/** 1053 comes while the server shuts down: the row may have been written. 2013, 1927: the connection was ended. */
function isShutdown(error: Error): boolean {
  return 'errno' in error && [1053, 1927, 1317, 2013].includes(Number(error.errno));
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? `${error.code} ` : '';
  return `${code}${error.message}`.slice(0, 100);
}
