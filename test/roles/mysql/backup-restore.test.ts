import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {databaseBackup} from '../../../src/roles/index.js';
import {writePrograms} from '../../support/stand-ins.js';
import {compile, written} from '../compile.js';

const SITE = 'db: {hosts: {db1: {address: 192.0.2.1}}}\n';
const PROGRAM = 'template /usr/local/sbin/database-restore';

/** The program that restores, in a directory of this test; `systemctl` and `mariadb` are shell text. */
function makeRestore({systemctl = '', mariadb = 'cat >/dev/null'} = {}) {
  const root = mkdtempSync(join(tmpdir(), 'infra-restore-'));
  const bin = join(root, 'bin');
  const state = join(root, 'infra');
  const [live, work] = [join(root, 'mysql'), join(root, 'mysql-restore')];
  for (const directory of [bin, state, live, join(work, 'data')]) mkdirSync(directory, {recursive: true});
  writeFileSync(join(live, 'content'), 'old');
  writeFileSync(join(work, 'data', 'content'), 'restored');
  writeFileSync(join(work, 'manifest'), '{"gtid": "0-1-7"}');
  const commands = {systemctl: `echo "$@" >>${root}/services; ${systemctl}`, mariadb, chown: '', mountpoint: 'exit 1'};
  writePrograms(bin, commands);
  const role = databaseBackup({recipients: [`age1${'q'.repeat(58)}`]});
  const program = written(compile(role, SITE, 'db').get(PROGRAM))
    .text.replaceAll('/var/lib', root)
    .replace('PATH=', `PATH=${bin}:`);
  const run = (...words: readonly string[]) => {
    const {status, stderr} = spawnSync('sh', ['-c', program, 'restore', ...words], {encoding: 'utf8', input: 'KEY\n'});
    return {status, stderr};
  };
  const content = () => (existsSync(live) ? readFileSync(join(live, 'content'), 'utf8') : 'nothing');
  const services = () => readFileSync(join(root, 'services'), 'utf8').trim().split('\n');
  return {root, live, work, run, content, services};
}

/** The data of a restore in the past, whose server has lived on since. */
function keepOlder({root}: {readonly root: string}): void {
  const older = join(root, 'mysql.before-20200101T000000Z');
  mkdirSync(older);
  writeFileSync(join(older, 'content'), 'of years ago');
}

test('restored data is put in place, the old data is kept, and taken back it is there again', (t) => {
  const restore = makeRestore();
  keepOlder(restore);
  t.is(restore.run('install').status, 0);
  t.is(restore.content(), 'restored');
  t.is(restore.run('undo').status, 0);
  t.is(restore.content(), 'old');
  t.is(restore.run('discard').status, 0);
  t.deepEqual(readdirSync(restore.root).sort(), ['bin', 'infra', 'mysql', 'mysql.before-20200101T000000Z', 'services']);
});

test('a restore that did not begin to put data in place leaves the data of a restore in the past alone', (t) => {
  const restore = makeRestore({systemctl: '[ "$1" != stop ]'});
  keepOlder(restore);
  t.is(restore.run('undo').status, 0);
  t.regex(restore.run('install').stderr, /does not stop/);
  t.not(restore.run('undo').status, 0, 'a server that cannot be stopped keeps its data');
  t.is(restore.content(), 'old');
});

test('a server that does not start with the restored data gets the old data back', (t) => {
  const started = '[ "$1" != start ] || grep -q old "$(dirname "$0")/../mysql/content"';
  const restore = makeRestore({systemctl: started});
  t.regex(restore.run('install').stderr, /does not start with the restored data/);
  t.is(restore.run('undo').status, 0);
  t.is(restore.content(), 'old');
  t.deepEqual(restore.services().at(-1), 'start mariadb');
});

test('after a stop between the two moves the next restore begins with the old data', (t) => {
  const restore = makeRestore();
  const aside = join(restore.root, 'mysql.before-20261130T120000Z');
  spawnSync('sh', ['-c', `mkdir -p ${restore.root}/infra/database; mv ${restore.live} ${aside}`]);
  writeFileSync(join(restore.root, 'infra', 'database', 'restore-aside'), `${aside}\n`);
  t.regex(restore.run('fetch', 'backup').stderr, /the old data is back/);
  t.is(restore.content(), 'old');
  t.deepEqual(restore.services(), ['start mariadb']);
});

test('a new server of MySQL takes the options of plugins that it does not load, and those with spaces', (t) => {
  const role = databaseBackup({family: 'mysql', recipients: [`age1${'q'.repeat(58)}`]});
  const program = written(compile(role, SITE, 'db', {codename: 'sid'}).get(PROGRAM)).text;
  const load = /^load\(\) \{[\s\S]*?^\}$/m.exec(program)?.[0] ?? '';
  const root = mkdtempSync(join(tmpdir(), 'infra-load-'));
  const script = `work=${root} data=${root}/data; mkdir $data; chown() { :; }; start() { :; }; stop() { :; }; mysql() { cat; }
my_print_defaults() { printf '%s\\n' --rpl_semi_sync_replica_enabled=ON '--init-connect=SET NAMES utf8'; }
mysqld() { printf '%s|' "$@" >&9; }
exec 9>${root}/called
${load}
load </dev/null`;
  const {stderr} = spawnSync('sh', ['-c', script], {encoding: 'utf8'});
  const called = readFileSync(join(root, 'called'), 'utf8');
  t.true(
    called.startsWith('--no-defaults|--loose-rpl_semi_sync_replica_enabled=ON|--loose-init-connect=SET NAMES utf8|'),
    stderr,
  );
});
