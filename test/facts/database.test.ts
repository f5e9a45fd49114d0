import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {databaseProbe, parseDatabase} from '../../src/facts/database.js';
import {UnreadableReply} from '../../src/model/index.js';
import {writePrograms} from '../support/stand-ins.js';

const RUNNING = {
  ...{'database.family': 'mariadb', 'database.names': 'app shop', 'database.directories': 'app old '},
  ...{
    'database.files': '4000',
    'database.tables': '96',
    'database.read_only': '1',
    'database.id': '7',
    'database.source': '192.0.2.1',
  },
  'database.source_id': '3',
};

test('a host without a database server has no facts of one', (t) => {
  t.is(parseDatabase({}), undefined);
});

test('a replica, by what its server says', (t) => {
  t.deepEqual(parseDatabase(RUNNING), {
    ...{family: 'mariadb', isRunning: true, databases: ['app', 'shop'], size: 4096, isReadOnly: true, serverId: 7},
    source: {address: '192.0.2.1', serverId: 3},
  });
});

test('a server without a source that takes writes and holds nothing', (t) => {
  t.deepEqual(parseDatabase({'database.family': 'mysql', 'database.names': 'NULL', 'database.read_only': '0'}), {
    ...{family: 'mysql', isRunning: true, databases: [], size: 0, isReadOnly: false, serverId: 0},
  });
});

test('of a server that does not answer, the directories are known', (t) => {
  t.like(parseDatabase({'database.family': 'mysql', 'database.directories': 'app old '}), {
    ...{isRunning: false, isReadOnly: true, databases: ['app', 'old']},
  });
});

test('the files of databases are not counted: the server knows how large they are', (t) => {
  t.false(/\bdu\b/.test(databaseProbe.reveal()));
  t.regex(databaseProbe.reveal(), /find \/var\/lib\/mysql -maxdepth 1 /);
  t.is(parseDatabase({...RUNNING, 'database.tables': 'NULL'})?.size, 4000);
  const running = probe({mysqld: ':', mysql: "cat >/dev/null; printf '  read_only: 0\\n tables: 96\\n'"});
  t.true(running.includes('database.tables=96'), running.join('\n'));
  t.true(running.includes('database.files=0'), running.join('\n'));
});

test('an answer that is not understood is not taken for one', (t) => {
  t.throws(() => parseDatabase({'database.family': 'other'}), {instanceOf: UnreadableReply});
  t.throws(() => parseDatabase({...RUNNING, 'database.id': '-1'}), {message: /have "-1"/});
});

/** What the probe prints on a host with these programs and databases. */
function probe(programs: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'infra-facts-'));
  try {
    for (const directory of ['data/app', 'data/mysql', 'data/sys', 'bin'])
      mkdirSync(join(root, directory), {recursive: true});
    writePrograms(join(root, 'bin'), programs);
    const input = databaseProbe
      .reveal()
      .replaceAll('/var/lib/mysql', join(root, 'data'))
      .replaceAll('/usr/sbin', join(root, 'bin'));
    const env = {PATH: `${root}/bin:/usr/bin:/bin`};
    return spawnSync('sh', [], {input, env}).stdout.toString().split('\n').filter(Boolean);
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
}

test('the probe is silent without a server, and knows the data of one that does not answer', (t) => {
  t.deepEqual(probe({}), []);
  const stopped = probe({mariadbd: ':', mariadb: 'exit 1'});
  t.true(stopped.includes('database.family=mariadb'));
  t.true(stopped.includes('database.directories=app '), stopped.join('\n'));
  t.false(stopped.some((each) => each.startsWith('database.read_only=')));
});
