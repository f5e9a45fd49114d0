import {UnreadableReply} from '../../model/index.js';
import {type Command, join, type Reply, sh, showAs} from '../../shell/index.js';
import {identifier, parseRows, type ServerFamily} from '../../tasks/mysql/client.js';
import {type Chunk, checksumQuery} from './checksum.js';
import {CHECK_RUN, PRIMARY_PROGRAM, REPLICA_PROGRAM, RESUME} from './window-programs.js';

/** How gentle a comparison is. */
export interface Load {
  /** The most seconds of one statement. */
  readonly limit: number;
  /** Seconds between two statements. */
  readonly pause: number;
}

export const LOAD: Load = {limit: 10, pause: 0.05};

const UNIT = 'infra-check';

const CLIENT: Readonly<Record<ServerFamily, string>> = {
  mariadb: 'mariadb --no-defaults --skip-ssl',
  mysql: 'mysql --no-defaults',
};
const EXECUTED: Readonly<Record<ServerFamily, string>> = {
  mariadb: 'SELECT @@gtid_slave_pos',
  mysql: "SELECT REPLACE(@@gtid_executed, '\\n', '')",
};

/** Starts the primary's side of a window. It answers with the transaction of its snapshot when that is open. */
export function openPrimary(family: ServerFamily, chunks: readonly Chunk[], load: Load): Command {
  const tables = [...new Set(chunks.map(({table}) => `${identifier(table.schema)}.${identifier(table.name)} READ`))];
  const start = startUnit(family, PRIMARY_PROGRAM, load, {
    queries: queriesOf(family, chunks, load),
    'lock-tables': `LOCK TABLES ${tables.join(', ')};\n`,
  });
  return showAs('take a snapshot of the primary', sh`${start} && ${until('^at', 'out')} && grep ^at out`);
}

/** Starts the replica's side, up to the point where it waits for the primary's transaction. */
export function holdReplica(family: ServerFamily, chunks: readonly Chunk[], load: Load): Command {
  const start = startUnit(family, REPLICA_PROGRAM, load, {queries: queriesOf(family, chunks, load), resume: RESUME});
  return showAs('stop applying for a moment', sh`${start} && ${until('', 'ready')}`);
}

/** What {@link openPrimary} answered. Throws `UnreadableReply`. */
export function parseSnapshot(reply: Reply): Snapshot {
  const [[tag, file, offset, gtid] = []] = parseRows(reply.stdout);
  if (tag !== 'at' || file === undefined || offset === undefined || gtid === undefined || /[^\w,:-]/.test(gtid))
    throw new UnreadableReply('the primary does not say at which transaction its snapshot is');
  return {file, offset, gtid};
}

/** A transaction of the primary, and for MariaDB where it ends in the binary log. */
export interface Snapshot {
  readonly file: string;
  readonly offset: string;
  readonly gtid: string;
}

/** Tells a replica that waits the transaction; it answers when it applies again. */
export function placeReplica({file, offset, gtid}: Snapshot): Command {
  const position = `${file} ${offset} ${gtid}\n`;
  return showAs(
    `compare at ${gtid}`,
    sh`cd ${CHECK_RUN} && printf %s ${position} >position.new && mv position.new position && ${until('^at', 'out')}`,
  );
}

/** Waits until a side has computed its chunks, and prints them. */
export function readSide(): Command {
  return showAs('read the checksums', sh`cd ${CHECK_RUN} && ${until('', 'done')} && cat out`);
}

/** Ends a side in whatever state it is. A replica applies again. */
export function closeSide(): Command {
  return showAs(
    'end the comparison',
    sh`systemctl stop ${UNIT}.service 2>/dev/null; systemctl reset-failed ${UNIT}.service 2>/dev/null; rm -rf ${CHECK_RUN}`,
  );
}

function queriesOf(family: ServerFamily, chunks: readonly Chunk[], {pause}: Load): string {
  return chunks.map((chunk, number) => `${checksumQuery(family, number, chunk)}\nDO SLEEP(${pause});\n`).join('');
}

/** The longest that a window lasts: then its unit is ended, and a replica applies again. */
const LONGEST = 600;

function startUnit(
  family: ServerFamily,
  program: string,
  {limit}: Load,
  files: Readonly<Record<string, string>>,
): Command {
  const all = Object.entries({program, ...files}).map(([name, text]) => sh`printf %s ${text} >${name}`);
  const variables = [`client=${CLIENT[family]}`, `family=${family}`, `limit=${limit}`, `executed=${EXECUTED[family]}`];
  const settings = [
    ...variables.map((each) => `--setenv=${each}`),
    `--property=ExecStopPost=-/bin/sh ${CHECK_RUN}/resume`,
    ...[`RuntimeMaxSec=${LONGEST}`, 'Nice=10', 'CPUWeight=25', 'IOWeight=25'].map((each) => `--property=${each}`),
  ];
  return join([
    sh`{ ${closeSide()}; umask 077; mkdir -p ${CHECK_RUN}; }`,
    sh`cd ${CHECK_RUN}`,
    ...all,
    sh`systemd-run --quiet --unit=${UNIT} ${settings} sh ${`${CHECK_RUN}/program`}`,
  ]);
}

/** Waits for a line in a file of the run, or fails with what the unit has to say. */
function until(pattern: string, file: string): Command {
  return sh`until [ -f ${file} ] && { [ -z ${pattern} ] || grep -q ${pattern} ${file}; }; do
if [ -f failed ] || ! systemctl is-active --quiet ${UNIT}; then [ -f ${file} ] && { [ -z ${pattern} ] || grep -q ${pattern} ${file}; } || { cat failed errors 2>/dev/null | head -n 3 >&2; exit 1; }; fi
sleep 0.1; done`;
}
