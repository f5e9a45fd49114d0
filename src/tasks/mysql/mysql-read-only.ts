import {check, defineTask, optionsOf, Unknown, UnreadableReply} from '../../model/index.js';
import {askServer, parseRows, readServer, runStatements, type ServerFamily, serverOf} from './client.js';

export interface MysqlReadOnlySpec {
  /** True: writes come by replication alone, on MySQL root's too (`super_read_only`). False: clients may write. */
  readonly readOnly: boolean;
}

interface ReadOnlyState {
  /** `except for root`: MySQL's `read_only` without `super_read_only`. */
  readOnly: boolean | 'except for root';
}

/**
 * Whether a running server takes writes, whatever its option file says for the next start: somebody may have switched
 * it. MariaDB's `read_only` lets root write in any case.
 *
 * @example
 * mysqlReadOnly({readOnly: true})
 */
export const mysqlReadOnly = defineTask<MysqlReadOnlySpec, ReadOnlyState>({
  type: 'mysqlReadOnly',
  options: optionsOf<MysqlReadOnlySpec>({readOnly: check.flag}),
  id: ({readOnly}) => (readOnly ? 'on' : 'off'),
  probe: () => askServer({mariadb: QUERY, mysql: QUERY}),
  parse: (reply) => {
    const server = readServer(reply);
    if (server instanceof Unknown) return server;
    const value = new Map(parseRows(reply.stdout).map(([name = '', each = '']) => [name, each]));
    if (!value.has('read_only')) throw new UnreadableReply('the server does not say whether it is read-only');
    if (value.get('read_only') === 'OFF') return {readOnly: false};
    return {readOnly: value.get('super_read_only') === 'OFF' ? 'except for root' : true};
  },
  desire: ({readOnly}) => ({readOnly}),
  change: ({readOnly}, _to, _present, reply) => {
    const {family} = serverOf(reply);
    return [
      runStatements(family, [readOnly ? `SET GLOBAL ${STRICTEST[family]} = ON;` : 'SET GLOBAL read_only = OFF;']),
    ];
  },
  affects: () => ['mysql:read-only'],
});

const QUERY = `SELECT 'server', @@version;
SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only');`;

const STRICTEST: Readonly<Record<ServerFamily, string>> = {mariadb: 'read_only', mysql: 'super_read_only'};
