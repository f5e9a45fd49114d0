import {type Command, sh, showAs} from '../../shell/index.js';
import type {ServerFamily} from '../../tasks/mysql/client.js';
import {type Chunk, checksumQuery} from './checksum.js';
import {parseChecksums} from './compare.js';
import {
  AttemptFailed,
  answer,
  type Checksums,
  CLIENT,
  type ComparedServers,
  computeAt,
  EXECUTED,
  type Load,
  limited,
  parseExecuted,
} from './sides.js';

/**
 * Computes one chunk on all servers at one transaction, also while clients write. On the primary a transaction locks the
 * rows of the chunk for reading: clients may read them, and a client that changes one of them waits. While it is open, a
 * replica that has executed what the primary has holds the very same rows. It is given up after five seconds. Rejects with
 * `AttemptFailed`.
 */
export async function computeLocked(
  {family, primary, replicas}: ComparedServers,
  chunk: Chunk,
  load: Load,
): Promise<Checksums> {
  const query = checksumQuery(family, 0, chunk);
  try {
    const {stdout} = await answer(primary, lock(family, query, load));
    const own = parseChecksums(stdout);
    if (own.size === 0) throw new AttemptFailed(`${primary.name}: a client holds rows of it`);
    const at = {family, gtid: parseExecuted(stdout), queries: query, load, seconds: HOLD - 2};
    const others = await Promise.all(replicas.map((each) => computeAt(each, at)));
    const {stdout: held} = await answer(primary, release());
    // The rows may have changed after the lock was given up, and before a replica was asked.
    if (held.trim() !== 'held') throw new AttemptFailed('a replica did not answer while the rows were locked');
    return {primary: own, replicas: new Map(replicas.map(({name}, index) => [name, others[index] ?? new Map()]))};
  } finally {
    await primary.ask(end());
  }
}

/** Seconds that rows are locked at most. */
const HOLD = 5;

const UNIT = 'infra-check';
const RUN = '/run/infra-check';

/**
 * `isolation` of its own: only with it the gaps between the rows are locked too. As a statement, since MariaDB before 11.1
 * knows the variable by another name.
 */
function lock(family: ServerFamily, query: string, load: Load): Command {
  const share = family === 'mariadb' ? 'LOCK IN SHARE MODE' : 'FOR SHARE';
  const begin = `${limited(family, load)} SET SESSION innodb_lock_wait_timeout = 1;
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION;
${query.replace(/;$/, ` ${share};`)}
DO SLEEP(0.1);
${EXECUTED[family]}
`;
  // The client is fed until the lock is released: it says so itself, in the transaction that holds it.
  const program = `cd ${RUN} || exit
{ cat begin; n=0; until [ -f release ] || [ $n -ge ${HOLD * 20} ]; do sleep 0.05; n=$((n + 1)); done; [ ! -f release ] || echo "SELECT 'held';"; echo 'ROLLBACK;'; } |
  ${CLIENT[family].join(' ')} --batch --skip-column-names --default-character-set=utf8mb4 --unbuffered >out 2>errors
: >done
`;
  return showAs(
    'lock the rows of a part for reading',
    sh`${end()}; umask 077; mkdir -p ${RUN} && cd ${RUN} && printf %s ${begin} >begin && printf %s ${program} >program &&
systemd-run --quiet --unit=${UNIT} --property=RuntimeMaxSec=60 sh ${`${RUN}/program`} &&
until grep -q '^at' out 2>/dev/null || [ -f done ]; do sleep 0.05; done; cat out; grep -m 1 '^ERROR' errors >&2; grep -q '^at' out`,
  );
}

/** Prints \`held\` when the rows have been locked up to now. */
function release(): Command {
  return showAs(
    'release the rows',
    sh`cd ${RUN} && : >release && until [ -f done ]; do sleep 0.05; done; grep -x held out || echo 'given up'`,
  );
}

function end(): Command {
  return showAs(
    'end the lock',
    sh`systemctl stop ${UNIT}.service 2>/dev/null; systemctl reset-failed ${UNIT}.service 2>/dev/null; rm -rf ${RUN}`,
  );
}
