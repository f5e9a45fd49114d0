import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UnreadableReply} from '../../../src/model/index.js';
import {isPrivate, parseStatus, probeStatus} from '../../../src/tasks/shared/stat.js';
import {runLocally} from '../local-shell.js';

function directory(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), "infra stat it's "));
  t.teardown(() => rmSync(path, {recursive: true, force: true}));
  return path;
}

const statusOf = (path: string, follow?: boolean) => parseStatus(runLocally(probeStatus(path, follow))).status;

test('what lies at a path is told apart, whatever its name', (t) => {
  const root = directory(t);
  const path = (name: string) => join(root, name);
  writeFileSync(path('a\nfile $x'), 'four');
  chmodSync(path('a\nfile $x'), 0o4750);
  mkdirSync(path('d'), {mode: 0o700});
  chmodSync(path('d'), 0o1777);
  symlinkSync('nowhere', path('l'));
  t.like(statusOf(path('a\nfile $x')), {kind: 'file', size: 4, mode: '4750', uid: String(process.getuid?.())});
  t.like(statusOf(path('d')), {kind: 'directory', mode: '1777'});
  t.like(statusOf(path('l')), {kind: 'link', size: 7});
  t.like(statusOf('/dev/null'), {kind: 'other', mode: '0666', uid: '0', owner: 'root', gid: '0', group: 'root'});
  t.is(statusOf(path('missing')), null);
  t.is(statusOf(path('missing/x')), null);
});

test('a link may be followed to what it leads to', (t) => {
  const root = directory(t);
  writeFileSync(join(root, 'f'), 'abc');
  symlinkSync('f', join(root, 'l'));
  symlinkSync('missing', join(root, 'broken'));
  t.like(statusOf(join(root, 'l'), true), {kind: 'file', size: 3});
  t.is(statusOf(join(root, 'broken'), true), null);
});

test('what follows the status is handed on', (t) => {
  const parse = (stdout: string) => parseStatus({code: 0, stdout, stderr: '', truncated: false});
  t.deepEqual(parse('absent\nx\n'), {status: null, rest: 'x\n'});
  t.deepEqual(parse('absent'), {status: null, rest: ''});
  t.deepEqual(parse('81a4:12:0:root:1000:UNKNOWN\nsame\nx'), {
    status: {kind: 'file', size: 12, mode: '0644', uid: '0', owner: 'root', gid: '1000', group: 'UNKNOWN'},
    rest: 'same\nx',
  });
});

const ODD = [
  '',
  'absent ',
  '81a4:12:0:root:0',
  '81a4:12:0:root:0:root:x',
  '81a4:-1:0:root:0:root',
  'xyz:1:0:root:0:root',
];

for (const line of ODD)
  test(`an answer without a status is not taken for an absent file: ${JSON.stringify(line)}`, (t) => {
    t.throws(() => parseStatus({code: 0, stdout: `${line}\n`, stderr: '', truncated: false}), {
      instanceOf: UnreadableReply,
      message: `stat answered ${JSON.stringify(line)}`,
    });
  });

test('a probe that failed is shown with its own words, or with its code', (t) => {
  const parse = (stderr: string) => () => parseStatus({code: 3, stdout: 'absent\n', stderr, truncated: false});
  t.throws(parse('stat: Permission denied\n'), {instanceOf: UnreadableReply, message: 'stat: Permission denied'});
  t.throws(parse(''), {message: 'the probe ended with code 3'});
});

test('a file is private when others may not read it, whatever else they may', (t) => {
  t.deepEqual(['0600', '0640', '0771', '4750', '2733'].map(isPrivate), [true, true, true, true, true]);
  t.deepEqual(['0644', '0604', '1777', '0755'].map(isPrivate), [false, false, false, false]);
});
