import {type Connection, createConnection} from 'mysql2/promise';
import type {Node} from './network.js';
import {type DatabaseServer, sql} from './servers.js';

/* Clients of a database server that do more than append rows: they hold locks, change tables, or may do everything. */

/** An account that may do everything, as an application's often is. Its name is the password. */
const ADMIN = {user: 'rigadmin', password: 'rigadmin'} as const;

/** Makes that account and a table of 100,000 rows on the primary. */
export async function prepareSessions(primary: DatabaseServer): Promise<void> {
  await sql(
    primary,
    `CREATE USER '${ADMIN.user}'@'198.18.0.%' IDENTIFIED BY '${ADMIN.password}' REQUIRE SSL;
GRANT ALL PRIVILEGES ON *.* TO '${ADMIN.user}'@'198.18.0.%';
CREATE TABLE rig.large (id BIGINT PRIMARY KEY, text VARCHAR(200) NOT NULL) ENGINE=InnoDB;
INSERT INTO rig.large WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT a.i * 1000 + b.i, REPEAT('x', 100) FROM n a JOIN n b WHERE a.i <= 100;`,
  );
}

/** What becomes of a statement: `done`, or the server's words. */
export type Answer = Promise<string>;

/** A connection to a server or a balancer that stays, and goes on when the server ends it. */
export interface Session {
  /** Resolves in any case. */
  ask(statement: string): Answer;
  end(): void;
}

/** Connects as the account that may do everything. */
export async function openSession({address: host}: Node): Promise<Session> {
  const connection: Connection = await createConnection({...ADMIN, host, port: 3306, ssl: {rejectUnauthorized: false}});
  connection.on('error', () => {});
  return {
    ask: (statement) =>
      connection.query(statement).then(
        () => 'done',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    end: () => connection.destroy(),
  };
}
