import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Command, Secret} from '../../../../src/shell/index.js';
import {startReceiving} from '../../../../src/tasks/mysql/seed/receive.js';
import {startSending} from '../../../../src/tasks/mysql/seed/send.js';
import {writePrograms} from '../../../support/stand-ins.js';

/** Runs a command of a seed on this machine, in a directory of its own; `active`: whether its unit runs. */
function run(command: Command, state: Readonly<Record<string, string>>, {active = false} = {}) {
  const root = mkdtempSync(join(tmpdir(), 'seed-'));
  const dir = join(root, 'var/lib/infra/database/seed');
  for (const each of [dir, join(root, 'run'), join(root, 'bin')]) mkdirSync(each, {recursive: true});
  for (const [name, text] of Object.entries(state)) writeFileSync(join(dir, name), `${text}\n`);
  const programs = {
    systemctl: `case $1 in is-active) ${active} ;; esac`,
    'systemd-run': `: >${root}/started`,
    sleep: ':',
    'mariadb-backup': ':',
    socat: ':',
    df: 'echo 1000000000',
  };
  writePrograms(join(root, 'bin'), programs);
  const text = command
    .reveal()
    .replaceAll('/var/lib/infra/database', join(root, 'var/lib/infra/database'))
    .replaceAll('/run/infra-seed', join(root, 'run'));
  // This machine has neither a data directory nor a program that listens.
  const places = text
    .replace(/places \|\| exit/g, 'd=/')
    .replace(/\( n=0; until cat \/proc\/net\/tcp[\s\S]*?done \)/, ':');
  const {status, stderr} = spawnSync('sh', ['-c', places], {
    env: {PATH: `${join(root, 'bin')}:${process.env.PATH}`},
    encoding: 'utf8',
  });
  const read = (name: string) => (existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8').trim() : '');
  return {isStarted: existsSync(join(root, 'started')), status, stderr, read};
}

const key = new Secret('KEY');
const receiving = startReceiving({
  ...{family: 'mariadb', address: '192.0.2.2', size: 1000, key, origin: 'db1 192.0.2.1', service: 'mariadb'},
});

test('a copy of an earlier run is kept only if it is of the same server', (t) => {
  const same = {'receive.origin': 'db1 192.0.2.1'};
  t.false(run(receiving, {...same, receive: 'ready'}).isStarted);
  t.false(run(receiving, {...same, receive: 'receiving'}, {active: true}).isStarted);
  const ended = run(receiving, {...same, receive: 'receiving'});
  t.true(ended.isStarted, `its program was ended: ${ended.stderr}`);
  for (const state of [{'receive.origin': 'db3 192.0.2.3'}, {}] as const) {
    for (const receive of ['ready', 'placed']) {
      const found = run(receiving, {...state, receive});
      t.true(found.isStarted, `${receive}: ${found.stderr}`);
      t.is(found.read('receive.origin'), 'db1 192.0.2.1');
    }
    t.true(run(receiving, {...state, receive: 'receiving'}, {active: true}).isStarted);
  }
});

const sending = (isUnderWay: boolean) =>
  startSending({family: 'mariadb', address: '192.0.2.1', port: 3306, to: '192.0.2.2', rate: 1, key, isUnderWay});

test('a sender from before is kept only for a recipient that receives from it', (t) => {
  const state = {send: 'sending', 'send.to': '192.0.2.2'};
  t.false(run(sending(true), state, {active: true}).isStarted);
  t.true(run(sending(false), state, {active: true}).isStarted);
  const fresh = run(sending(false), {});
  t.deepEqual([fresh.isStarted, fresh.read('send.to')], [true, '192.0.2.2']);
  const other = run(sending(false), {...state, 'send.to': '192.0.2.3'}, {active: true});
  t.deepEqual([other.isStarted, other.status], [false, 1]);
  t.regex(other.stderr, /^This server is sending a copy to 192\.0\.2\.3\. Wait for its end/);
});
