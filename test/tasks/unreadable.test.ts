import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Task, UnreadableReply, type Verdict} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';
import {
  authorizedKey,
  block,
  certificate,
  command,
  directory,
  file,
  leftovers,
  line,
  permissions,
  symlink,
  template,
} from '../../src/tasks/index.js';

/*
 * Without `become` a task may not look into a directory of somebody else: then it does not know, and never says
 * "absent".
 */

const asRoot = process.getuid?.() === 0 ? test : test.skip;

const ROOT = mkdtempSync(join(tmpdir(), 'infra-unreadable-'));
chmodSync(ROOT, 0o755);
const CLOSED = join(ROOT, 'closed');
mkdirSync(join(CLOSED, 'directory'), {recursive: true});
for (const path of ['file', 'directory/file']) writeFileSync(join(CLOSED, path), 'x\n');
chmodSync(CLOSED, 0o700);
symlinkSync('closed/directory', join(ROOT, 'link'));
symlinkSync('closed/file', join(ROOT, 'link to file'));
symlinkSync('nowhere', join(ROOT, 'dangling'));
mkdirSync(join(ROOT, 'open'));
test.after.always(() => rmSync(ROOT, {recursive: true, force: true}));

/** What the task says when it asks as the user nobody. */
function planAsNobody(task: Task): Verdict {
  const question = task.open({templateDirectories: [join(process.cwd(), 'test/tasks/templates')]});
  const sh = ['--reuid', '65534', '--regid', '65534', '--clear-groups', 'sh'];
  const input = `umask 022; (\n${question.probe.reveal()}\n) </dev/null`;
  const env = {LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'};
  const {status, stdout, stderr} = spawnSync('setpriv', sh, {input, env});
  return question.judge({code: status ?? 255, stdout: String(stdout), stderr: String(stderr), truncated: false});
}

const PAIR = {certificate: '', key: new Secret('')};
const TASKS: Readonly<Record<string, (path: string) => Task>> = {
  file: (path) => file({path, content: 'x'}),
  'file, absent': (path) => file({path, state: 'absent'}),
  template: (path) => template({path, source: 'plain.conf', vars: {port: 80}}),
  line: (path) => line({path, line: 'x', create: true}),
  'line, absent': (path) => line({path, line: 'x', state: 'absent'}),
  block: (path) => block({path, name: 'x', block: 'x', create: true}),
  directory: (path) => directory({path}),
  'directory, absent': (path) => directory({path, state: 'absent'}),
  symlink: (path) => symlink({path, target: 'x'}),
  'symlink, absent': (path) => symlink({path, state: 'absent'}),
  permissions: (path) => permissions({path, most: '0600'}),
  leftovers: (path) => leftovers({path, except: []}),
  certificate: (path) => certificate({path, from: PAIR, names: ['x'], placeholder: true}),
  'certificate, key': (path) =>
    certificate({path: join(ROOT, 'open/c'), key: path, from: PAIR, names: ['x'], placeholder: true}),
  'command, creates': (path) => command({command: 'true', creates: path}),
};

for (const [title, task] of Object.entries(TASKS)) {
  for (const path of ['closed/file', 'closed/none', 'closed/none/deeper', 'link/file', 'link/none']) {
    asRoot(`${title}: ${path} cannot be read, and is not said to be absent`, (t) => {
      t.throws(() => planAsNobody(task(join(ROOT, path))), {instanceOf: UnreadableReply, message: /Permission denied/});
    });
  }
  for (const path of ['open/none', 'open/none/deeper', 'dangling/none']) {
    asRoot(`${title}: ${path} is absent, which all can see`, (t) => {
      t.notThrows(() => planAsNobody(task(join(ROOT, path))));
    });
  }
}

asRoot('a directory that cannot be listed has leftovers that are not known', (t) => {
  t.throws(() => planAsNobody(leftovers({path: CLOSED, except: []})), {instanceOf: UnreadableReply});
});

asRoot('a link whose end cannot be seen is not edited as if nothing were there', (t) => {
  const path = join(ROOT, 'link to file');
  t.throws(() => planAsNobody(line({path, line: 'x', create: true})), {instanceOf: UnreadableReply});
  t.throws(() => planAsNobody(directory({path})), {instanceOf: UnreadableReply});
});

asRoot('keys in the home of somebody else are unreadable', (t) => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=';
  t.is(userInfo({encoding: 'utf8'}).username, 'root');
  for (const state of ['present', 'absent'] as const) {
    t.throws(() => planAsNobody(authorizedKey({user: 'root', key, state})), {instanceOf: UnreadableReply});
  }
});
