import {check, defineTask, optionsOf, Unknown} from '../../model/index.js';
import {presence} from '../shared/checks.js';
import {askServer, fromHex, identifier, literal, parseRows, readServer, runStatements, serverOf} from './client.js';

/** A database of MariaDB or MySQL. What is left out is the server's default when it is created, and then left alone. */
export interface MysqlDatabaseSpec {
  /** Upper and lower case differ. */
  readonly name: string;
  /** For tables to come; existing tables keep theirs. */
  readonly characterSet?: string | undefined;
  /** How texts are compared and sorted, for tables to come. */
  readonly collation?: string | undefined;
  /** `absent` drops the database with all that is in it. */
  readonly state?: 'present' | 'absent';
}

interface MysqlDatabaseState {
  characterSet: string;
  collation: string;
}

/**
 * A database, created or dropped as root over the server's socket. Changes replicate: use it on the primary only.
 *
 * @example
 * mysqlDatabase({name: 'app', characterSet: 'utf8mb4'})
 */
export const mysqlDatabase = defineTask<MysqlDatabaseSpec, MysqlDatabaseState>({
  type: 'mysqlDatabase',
  options: optionsOf<MysqlDatabaseSpec>({
    name: check.text,
    characterSet: check.optional(check.text),
    collation: check.optional(check.text),
    state: presence,
  }),
  id: ({name}) => name,
  refuse,
  probe: ({name}) => {
    const sql = `SELECT 'server', @@version;
SELECT 'database', HEX(schema_name), default_character_set_name, default_collation_name
FROM information_schema.schemata WHERE schema_name = ${literal(name)};`;
    return askServer({mariadb: sql, mysql: sql});
  },
  parse: (reply, {name}) => {
    const server = readServer(reply);
    if (server instanceof Unknown) return server;
    // The comparison of information_schema knows no upper and lower case, the server's directories do.
    const row = parseRows(reply.stdout).find(([tag, hex]) => tag === 'database' && fromHex(hex) === name);
    return row ? {characterSet: row[2] ?? '', collation: row[3] ?? ''} : null;
  },
  desire: ({state, characterSet, collation}) =>
    state === 'absent'
      ? null
      : {
          ...(characterSet && {characterSet: characterSet.toLowerCase()}),
          ...(collation && {collation: collation.toLowerCase()}),
        },
  change: ({name}, to, present, reply) => {
    const verb = to === null ? 'DROP' : present === null ? 'CREATE' : 'ALTER';
    const characterSet = to?.characterSet ? ` CHARACTER SET ${to.characterSet}` : '';
    const collation = to?.collation ? ` COLLATE ${to.collation}` : '';
    return [
      runStatements(serverOf(reply).family, [`${verb} DATABASE ${identifier(name)}${characterSet}${collation};`]),
    ];
  },
  affects: ({name}) => [`mysql:database ${name}`],
});

function refuse({name, characterSet, collation}: MysqlDatabaseSpec): string | undefined {
  if (name === '' || name.length > 64 || name.endsWith(' ')) return `"${name}" cannot be the name of a database`;
  if (SYSTEM.includes(name.toLowerCase())) return `${name} belongs to the server itself`;
  const odd = [characterSet, collation].find((word) => word !== undefined && !/^\w+$/.test(word));
  if (odd !== undefined) return `"${odd}" is neither a character set nor a collation`;
  if (/^utf8(_|$)/i.test(characterSet ?? '') || /^utf8_/i.test(collation ?? '')) {
    return 'utf8 means three bytes on one server and four on another; write utf8mb4 or utf8mb3';
  }
  return undefined;
}

const SYSTEM = ['mysql', 'information_schema', 'performance_schema', 'sys'];
