import {type Command, type Reply, sh} from '../../shell/index.js';
import {literal, parseRows, ROWS, type ServerFamily} from '../../tasks/mysql/client.js';
import type {CheckResult} from './check-tables.js';
import type {Difference} from './compare.js';
import {AttemptFailed, answer, answerAt, CLIENT, type ComparedServers, EXECUTED, parseExecuted} from './sides.js';

/** What two servers have defined alike: views, routines, triggers, events, accounts with their rights. */
export interface DefinitionsResult {
  readonly definitions: number;
  readonly differences: readonly (Difference & {readonly replica: string})[];
  /** Why they were not compared. */
  readonly failed?: string;
}

/** A comparison of tables together with that of definitions. */
export function withDefinitions(tables: CheckResult, found: DefinitionsResult): CheckResult {
  const failed = found.failed === undefined ? [] : [{table: 'definitions', because: found.failed, isUsual: false}];
  return {
    ...tables,
    definitions: found.definitions,
    differences: [...tables.differences, ...found.differences],
    notCompared: [...tables.notCompared, ...failed],
  };
}

/** A definition may be replicated while it is read: one that differs is read again, this many times. */
const ATTEMPTS = 3;

/**
 * Compares what is not in tables: views, procedures, functions, triggers, events, and accounts with their passwords and
 * rights. The servers answer check sums alone, so no password leaves them. Rejects when a server is lost.
 */
export async function checkDefinitions(sides: ComparedServers): Promise<DefinitionsResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await compareOnce(sides);
      if (found.differences.length === 0 || attempt >= ATTEMPTS) return found;
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      if (attempt >= ATTEMPTS) return {definitions: 0, differences: [], failed: error.message};
    }
  }
}

async function compareOnce({family, primary, replicas}: ComparedServers): Promise<DefinitionsResult> {
  const query = definitionsQuery(family);
  const own = await answer(primary, strictly(family, `${query}\n${EXECUTED[family]}`));
  const gtid = parseExecuted(own.stdout);
  const here = parseDefinitions(own);
  const others = await Promise.all(
    replicas.map(async (replica) => {
      const reply = await answerAt(replica, {family, gtid}, (wait) => strictly(family, `${wait}\n${query}`));
      return compareDefinitions(here, parseDefinitions(reply)).map((each) => ({...each, replica: replica.name}));
    }),
  );
  return {definitions: here.size, differences: others.flat()};
}

/** Statements of which none may fail: what is missing on both sides would look equal. */
function strictly(family: ServerFamily, text: string): Command {
  return sh`printf %s ${text} | ${CLIENT[family]} ${ROWS} --default-character-set=utf8mb4`;
}

/** By its kind and name, in the order of their names: what each came to. */
type Definitions = ReadonlyMap<string, string>;

/** Rows `definition KIND NAME CHECKSUM`; an account has several. Throws `AttemptFailed` for an answer that is not whole. */
export function parseDefinitions({stdout}: Pick<Reply, 'stdout'>): Definitions {
  const rows = parseRows(stdout);
  if (!rows.some(([first]) => first === 'definitions-end'))
    throw new AttemptFailed('a server does not say what it has');
  const found = new Map<string, string[]>();
  for (const [tag, kind = '', name = '', sum = ''] of rows) {
    if (tag === 'definition') found.set(`${kind} ${name}`, [...(found.get(`${kind} ${name}`) ?? []), sum]);
  }
  return new Map(
    [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, sums]) => [name, sums.sort().join()]),
  );
}

/** What only one of both has, or what differs. */
export function compareDefinitions(primary: Definitions, replica: Definitions): readonly Difference[] {
  const names = [...new Set([...primary.keys(), ...replica.keys()])].sort();
  return names.flatMap((table): Difference[] => {
    const [one, other] = [primary.get(table), replica.get(table)];
    if (one === other) return [];
    if (one === undefined) return [{table, where: 'the primary does not have it'}];
    return [{table, where: other === undefined ? 'the replica does not have it' : 'its definition differs'}];
  });
}

const OWN_SCHEMAS = `('information_schema', 'mysql', 'performance_schema', 'sys')`;

/** Accounts of the servers themselves. */
const OWN_ACCOUNTS = `('mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys')`;

/** Kind, schema, name, columns and table of what a schema has besides tables. A replica keeps events switched off. */
const OBJECTS: readonly (readonly [kind: string, schema: string, name: string, columns: string, table: string])[] = [
  [`'view'`, 'table_schema', 'table_name', 'view_definition, check_option, definer, security_type', 'views'],
  [
    ...(['LOWER(routine_type)', 'routine_schema', 'routine_name'] as const),
    'routine_definition, definer, security_type, sql_mode, sql_data_access, is_deterministic, dtd_identifier',
    'routines',
  ],
  [
    ...(['LOWER(routine_type)', 'specific_schema', 'specific_name'] as const),
    'ordinal_position, parameter_mode, parameter_name, dtd_identifier',
    'parameters',
  ],
  [
    ...([`'trigger'`, 'trigger_schema', 'trigger_name'] as const),
    'event_manipulation, event_object_table, action_order, action_timing, action_statement, definer, sql_mode',
    'triggers',
  ],
  [
    ...([`'event'`, 'event_schema', 'event_name'] as const),
    'event_definition, definer, event_type, execute_at, interval_value, interval_field, sql_mode, ends, on_completion',
    'events',
  ],
];

/** Tables of rights with what they are about. */
const RIGHTS: readonly (readonly [table: string, about: string])[] = [
  ['user_privileges', `''`],
  ['schema_privileges', 'table_schema'],
  ['table_privileges', 'table_schema, table_name'],
  ['column_privileges', 'table_schema, table_name, column_name'],
];

/** A row for each definition, and several for an account. */
export function definitionsQuery(family: ServerFamily): string {
  const row = (kind: string, name: string, columns: string, from: string) =>
    `SELECT 'definition', ${kind}, ${name}, SHA2(CONCAT_WS(CHAR(0), ${columns}), 256) FROM ${from};`;
  const objects = OBJECTS.map(([kind, schema, name, columns, table]) => {
    const from = `information_schema.${table} WHERE ${schema} NOT IN ${OWN_SCHEMAS}`;
    return row(kind, `CONCAT(${schema}, '.', ${name})`, columns, from);
  });
  const rights = RIGHTS.map(([table, about]) => {
    const columns = `${literal(table)}, ${about}, privilege_type, is_grantable`;
    return row(`'account'`, 'grantee', columns, `information_schema.${table} ${notOwn('grantee')}`);
  });
  const accounts = ACCOUNTS[family].map(([name, columns, from]) => row(`'account'`, name, columns, from));
  return [...objects, ...accounts, ...rights, `SELECT 'definitions-end';`].join('\n');
}

/** Rights to procedures and functions. */
const ROUTINE_RIGHTS = 'Db, Routine_name, Routine_type, Proc_priv';

/** As `grantee` of the information schema has it. */
const nameOf = (user: string, host: string) => `CONCAT('''', ${user}, '''@''', ${host}, '''')`;

const notOwn = (grantee: string) => `WHERE SUBSTRING_INDEX(SUBSTRING(${grantee}, 2), '''', 1) NOT IN ${OWN_ACCOUNTS}`;

/** Name, columns and table of an account, and of what roles it has. */
const ACCOUNTS: Readonly<Record<ServerFamily, readonly (readonly [string, string, string])[]>> = {
  mariadb: [
    [
      nameOf('User', 'Host'),
      `JSON_REMOVE(Priv, '$.password_last_changed', '$.access', '$.version_id')`,
      `mysql.global_priv WHERE User NOT IN ${OWN_ACCOUNTS}`,
    ],
    [nameOf('User', 'Host'), 'Role, Admin_option', 'mysql.roles_mapping'],
    [nameOf('User', 'Host'), ROUTINE_RIGHTS, 'mysql.procs_priv'],
  ],
  mysql: [
    [
      nameOf('User', 'Host'),
      'plugin, authentication_string, ssl_type, max_questions, max_updates, max_connections, max_user_connections, account_locked, password_expired, User_attributes',
      `mysql.user WHERE User NOT IN ${OWN_ACCOUNTS}`,
    ],
    [nameOf('TO_USER', 'TO_HOST'), 'FROM_USER, FROM_HOST, WITH_ADMIN_OPTION', 'mysql.role_edges'],
    [nameOf('User', 'Host'), ROUTINE_RIGHTS, 'mysql.procs_priv'],
  ],
};
