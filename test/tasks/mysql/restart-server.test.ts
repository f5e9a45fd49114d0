import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {restartServer} from '../../../src/tasks/mysql/restart-server.js';
import {writePrograms} from '../../support/stand-ins.js';

/** Runs the handler with stand-ins for the client and systemd; returns what the server was told, in order. */
function run(answer: string, restart = 'true'): {said: string; code: number; stderr: string} {
  const directory = mkdtempSync(join(tmpdir(), 'restart-'));
  const log = join(directory, 'log');
  const program = (name: string, text: string) =>
    writePrograms(directory, {[name]: text.replaceAll('DIRECTORY', directory)});
  program(
    'mariadb',
    `sql=$(cat)\ncase $sql in *FROM*) printf '${answer}' ;; *) printf '%s\\n' "$sql" >>${log} ;; esac`,
  );
  program('systemctl', `case $1 in try-restart) echo restart >>${log}; ${restart} ;; esac`);
  program('date', `n=$(cat ${directory}/clock 2>/dev/null || echo 1000); echo $n`);
  writeFileSync(log, '');
  const text = restartServer('mariadb', 'mariadb').command.reveal().replaceAll('/run/', `${directory}/`);
  const env = {...process.env, PATH: `${directory}:${process.env.PATH}`};
  try {
    execFileSync('sh', ['-c', text], {env, stdio: 'pipe'});
    return {said: readFileSync(log, 'utf8'), code: 0, stderr: ''};
  } catch (error) {
    const {status, stderr} = error as {status: number; stderr: Buffer};
    return {said: readFileSync(log, 'utf8'), code: status, stderr: String(stderr)};
  }
}

const WAITS = 'SET GLOBAL rpl_semi_sync_master_enabled = @@GLOBAL.rpl_semi_sync_slave_enabled;\n';

test('a server that took writes takes them again, waiting for replicas where it did', (t) => {
  t.regex(
    run('writable\\nwaits\\n').said,
    /^restart\n[\s\S]*rpl_semi_sync_master_enabled = @@GLOBAL[\s\S]*read_only = OFF;\n$/,
  );
  const {said} = run('writable\\n');
  t.regex(said, /^restart\n[\s\S]*read_only = OFF;\n$/);
  t.notRegex(said, new RegExp(WAITS));
});

test('a server that was read-only, or did not answer, stays as it starts', (t) => {
  t.is(run('waits\\n').said, 'restart\n');
  t.is(run('').said, 'restart\n');
});

test('after a long restart it stays read-only, since another server may be the primary', (t) => {
  const {said, code, stderr} = run('writable\\n', 'echo 1031 >DIRECTORY/clock');
  t.is(said, 'restart\n');
  t.is(code, 1);
  t.regex(stderr, /its restart took 31 s\. It is read-only now/);
});

test('a restart that fails opens nothing', (t) => {
  const {said, code} = run('writable\\n', 'exit 1');
  t.is(said, 'restart\n');
  t.not(code, 0);
});
