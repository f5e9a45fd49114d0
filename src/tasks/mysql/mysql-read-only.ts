import {check, defineTask, optionsOf, Unknown, UnreadableReply} from '../../model/index.js';
import {askServer, parseRows, readServer, runStatements, serverOf} from './client.js';
import {closeWrites, openWrites, SEMI_SYNC} from './writes.js';

export interface MysqlReadOnlySpec {
  /** True: writes come by replication alone, on MySQL root's too (`super_read_only`). False: clients may write. */
  readonly readOnly: boolean;
  /**
   * With `readOnly: false`: true if the server's option file says that writes wait for replicas, and they must do so
   * now. Not before the replicas are attached, or the first write waits for ever. Left out, a server that takes writes
   * is left as it is; one that is opened waits for replicas as its option file says.
   */
  readonly semiSync?: boolean;
}

interface ReadOnlyState {
  /** `except for root`: MySQL's `read_only` without `super_read_only`. */
  readOnly: boolean | 'except for root';
  /** Whether this server's writes wait for replicas; undefined on MySQL without the plugin. */
  writesWait?: boolean;
}

/**
 * Whether a running server takes writes, whatever its option file says for the next start: somebody may have switched
 * it. MariaDB's `read_only` lets root write in any case. Closing waits at most 10 s for commits that are under way.
 *
 * @example
 * mysqlReadOnly({readOnly: true})
 */
export const mysqlReadOnly = defineTask<MysqlReadOnlySpec, ReadOnlyState>({
  type: 'mysqlReadOnly',
  options: optionsOf<MysqlReadOnlySpec>({readOnly: check.flag, semiSync: check.optional(check.flag)}),
  id: ({readOnly, semiSync}) => (readOnly ? 'on' : semiSync ? 'off, semi-synchronous' : 'off'),
  refuse: ({readOnly, semiSync}) =>
    readOnly && semiSync ? 'semiSync is for a server that takes writes: replicas acknowledge without it' : undefined,
  probe: () => askServer({mariadb: QUERY, mysql: QUERY}),
  parse: (reply, {readOnly}) => {
    const server = readServer(reply);
    if (server instanceof Unknown) return server;
    const rows = parseRows(reply.stdout);
    if (!readOnly && rows.some((row) => row.length > FEWEST_OF_STATUS)) {
      throw new UnreadableReply('this server replicates from another one, and must not take writes');
    }
    const value = new Map(rows.map(([name = '', each = '']) => [name, each]));
    if (!value.has('read_only')) throw new UnreadableReply('the server does not say whether it is read-only');
    const source = value.get(SEMI_SYNC[server.family].source);
    const writesWait = source === undefined ? {} : {writesWait: source === 'ON'};
    if (value.get('read_only') === 'OFF') return {readOnly: false, ...writesWait};
    return {readOnly: value.get('super_read_only') === 'OFF' ? 'except for root' : true, ...writesWait};
  },
  // On a replica nothing must wait: the thread that applies the primary's changes would.
  desire: ({readOnly, semiSync}, present) => ({
    readOnly,
    ...(readOnly ? present?.writesWait !== undefined && {writesWait: false} : semiSync && {writesWait: true}),
  }),
  change: ({readOnly}, _to, present, reply) => {
    const {family} = serverOf(reply);
    const semiSync = present?.writesWait !== undefined;
    return [runStatements(family, [readOnly ? closeWrites(family, {semiSync}) : openWrites(family, {semiSync})])];
  },
  affects: () => ['mysql:read-only'],
});

/** The state of replication is one row with dozens of columns; the other rows have two. */
const FEWEST_OF_STATUS = 10;

const QUERY = `SELECT 'server', @@version;
SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only',
${Object.values(SEMI_SYNC).map(({source}) => `'${source}'`)});
SHOW REPLICA STATUS;`;
