import {spawn, spawnSync} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {SpecError, type Task, UnreadableReply} from '../../src/model/index.js';
import {raw, Secret, sh} from '../../src/shell/index.js';
import {block, directory, file, line, permissions, symlink} from '../../src/tasks/index.js';
import {textHere} from '../support/uploads.js';
import {applyLocally, planLocally} from './local-shell.js';

const ROOT = mkdtempSync(join(tmpdir(), 'infra files '));
const asRoot = process.getuid?.() === 0 ? test : test.skip;
test.after.always(() => rmSync(ROOT, {recursive: true, force: true}));

let made = 0;

function newDirectory(): string {
  const path = join(ROOT, `it's "${made++}" $HOME \`x\` é\n-`);
  mkdirSync(path);
  return path;
}

/** Applies it: it changes something, succeeds, is then unchanged, and leaves no temporary file. */
function converges(t: ExecutionContext, task: Task, parent: string): void {
  const {before, after, failed} = applyLocally(task);
  t.is(before.type, 'change');
  t.is(failed, undefined);
  t.is(after.type, 'unchanged');
  t.deepEqual(leftovers(parent), []);
}

const leftovers = (parent: string) => readdirSync(parent).filter((name) => name.startsWith('.infra'));

const mode = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

for (const name of [
  "'",
  '"',
  ' ',
  '-rf',
  '$(touch x)',
  'a\nb',
  'a\n',
  '\n',
  '\\n',
  '*',
  'é🙂',
  '\x01\x7f',
  '~',
  '#',
  '%s',
  '`id`',
]) {
  test(`a file may be named ${JSON.stringify(name)}`, (t) => {
    const parent = newDirectory();
    converges(t, file({path: `${parent}/${name}`, content: 'x'}), parent);
    t.deepEqual(readdirSync(parent), [name]);
    converges(t, line({path: `${parent}/${name}`, line: "it's"}), parent);
    t.is(readFileSync(`${parent}/${name}`, 'utf8'), "x\nit's\n");
    converges(t, file({path: `${parent}/${name}`, state: 'absent'}), parent);
    converges(t, symlink({path: `${parent}/${name}`, target: name}), parent);
    t.is(readlinkSync(`${parent}/${name}`), name);
    converges(t, symlink({path: `${parent}/${name}`, state: 'absent'}), parent);
    converges(t, directory({path: `${parent}/${name}`}), parent);
    converges(t, directory({path: `${parent}/${name}`, state: 'absent'}), parent);
  });
}

for (const [title, content] of Object.entries({
  nothing: '',
  'no line break at the end': 'a',
  'line breaks only': '\n\n',
  'NUL and invalid UTF-8': new Uint8Array([0, 255, 254, 10, 0, 13]),
  'every byte': Uint8Array.from({length: 256}, (_, index) => index),
  'ten megabytes': Buffer.alloc(10_000_000, 'abcdefg\0'),
})) {
  test(`a file may hold ${title}`, (t) => {
    const parent = newDirectory();
    converges(t, file({path: `${parent}/f`, content}), parent);
    t.true(readFileSync(`${parent}/f`).equals(Buffer.from(content)));
  });
}

test('a new file gets 0644, a secret one 0600, and an existing one keeps what it has', (t) => {
  const parent = newDirectory();
  converges(t, file({path: `${parent}/a`, content: 'x'}), parent);
  converges(t, file({path: `${parent}/b`, content: new Secret('x')}), parent);
  t.deepEqual([mode(`${parent}/a`), mode(`${parent}/b`)], ['644', '600']);
  chmodSync(`${parent}/a`, 0o4750);
  converges(t, file({path: `${parent}/a`, content: 'y'}), parent);
  t.is(mode(`${parent}/a`), '4750');
});

test('a secret takes the rights of others from a file that exists', (t) => {
  const parent = newDirectory();
  writeFileSync(`${parent}/a`, 'old', {mode: 0o644});
  converges(t, file({path: `${parent}/a`, content: new Secret('new')}), parent);
  t.is(mode(`${parent}/a`), '640');
});

asRoot('owner and group may be names or numbers, and special bits survive a change of hands', (t) => {
  const parent = newDirectory();
  converges(t, file({path: `${parent}/a`, content: 'x', owner: 'daemon', group: '65534', mode: '6755'}), parent);
  const inode = statSync(`${parent}/a`).ino;
  converges(t, file({path: `${parent}/a`, content: 'x', owner: '0', mode: '6755'}), parent);
  t.deepEqual([mode(`${parent}/a`), statSync(`${parent}/a`).uid, statSync(`${parent}/a`).gid], ['6755', 0, 65534]);
  t.is(statSync(`${parent}/a`).ino, inode, 'the file was not written again');
  chownSync(`${parent}/a`, 54321, 54321);
  converges(t, file({path: `${parent}/a`, content: 'y'}), parent);
  t.is(statSync(`${parent}/a`).uid, 54321);
});

test('a link at the path is replaced by a file, and its target stays', (t) => {
  const parent = newDirectory();
  writeFileSync(`${parent}/target`, 'kept');
  symlinkSync('target', `${parent}/link`);
  converges(t, file({path: `${parent}/link`, content: 'x'}), parent);
  t.true(lstatSync(`${parent}/link`).isFile());
  t.is(readFileSync(`${parent}/target`, 'utf8'), 'kept');
});

test('an edit follows a link, wherever it lies', (t) => {
  const [parent, other] = [newDirectory(), newDirectory()];
  writeFileSync(`${other}/target\n`, 'a\n', {mode: 0o640});
  symlinkSync(`${other}/target\n`, `${parent}/link`);
  converges(t, line({path: `${parent}/link`, line: 'b'}), parent);
  t.true(lstatSync(`${parent}/link`).isSymbolicLink());
  t.is(readFileSync(`${other}/target\n`, 'utf8'), 'a\nb\n');
  t.is(mode(`${other}/target\n`), '640');
});

test('a directory where a file is desired, and a file where a directory or link is, are left alone', (t) => {
  const parent = newDirectory();
  writeFileSync(`${parent}/f`, 'x');
  for (const task of [
    file({path: parent, content: ''}),
    file({path: parent, state: 'absent'}),
    line({path: parent, line: 'x'}),
    directory({path: `${parent}/f`}),
    directory({path: `${parent}/f`, state: 'absent'}),
    symlink({path: `${parent}/f`, target: 'x'}),
    symlink({path: `${parent}/f`, state: 'absent'}),
  ]) {
    t.throws(() => planLocally(task), {instanceOf: UnreadableReply}, task.type);
  }
});

test('a failed validation leaves the old file and no temporary one', (t) => {
  const parent = newDirectory();
  writeFileSync(`${parent}/f`, 'old');
  const validate = (path: string) => sh`grep -q good ${path} || { echo "no good" >&2; exit 3; }`;
  const {failed} = applyLocally(file({path: `${parent}/f`, content: 'bad', validate}));
  t.is(failed?.code, 1);
  t.regex(failed?.stderr ?? '', /no good\n.*is unchanged: the new content is invalid/s);
  t.is(readFileSync(`${parent}/f`, 'utf8'), 'old');
  t.deepEqual(leftovers(parent), []);
  converges(t, file({path: `${parent}/f`, content: 'good', validate}), parent);
});

test('a directory that does not exist is named', (t) => {
  const {failed} = applyLocally(file({path: `${ROOT}/none/f`, content: ''}));
  t.is(failed?.stderr, `the directory ${ROOT}/none does not exist\n`);
});

asRoot('a full disk leaves the old file and no temporary one', (t) => {
  const parent = newDirectory();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', parent]);
  if (mounted.status !== 0) return t.log('skipped: no tmpfs can be mounted here');
  try {
    converges(t, file({path: `${parent}/f`, content: 'old'}), parent);
    const {failed} = applyLocally(file({path: `${parent}/f`, content: 'x'.repeat(100_000)}));
    t.regex(failed?.stderr ?? '', /No space left on device/);
    t.is(readFileSync(`${parent}/f`, 'utf8'), 'old');
    t.deepEqual(leftovers(parent), []);
  } finally {
    spawnSync('umount', [parent]);
  }
});

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  test(`a shell that gets ${signal} leaves the old file and no temporary one`, async (t) => {
    const parent = newDirectory();
    writeFileSync(`${parent}/f`, 'old');
    // Long enough for the signal to come first on any machine; it ends the wait too.
    const validate = () => raw('sleep 60');
    const verdict = planLocally(file({path: `${parent}/f`, content: 'new', validate}));
    if (verdict.type !== 'change') return t.fail();
    const child = spawn('sh', ['-s'], {detached: true, stdio: ['pipe', 'ignore', 'ignore']});
    child.stdin.end(`${textHere(verdict.commands[0] ?? raw(''))}\n`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (leftovers(parent).length === 0) await sleep(10);
    process.kill(-(child.pid ?? Number.NaN), signal);
    await ended;
    await sleep(50);
    t.is(readFileSync(`${parent}/f`, 'utf8'), 'old');
    t.deepEqual(leftovers(parent), []);
  });
}

test('an edit is refused when the file changed since it was read', (t) => {
  const parent = newDirectory();
  writeFileSync(`${parent}/f`, 'a\n');
  const verdict = planLocally(line({path: `${parent}/f`, line: 'b'}));
  writeFileSync(`${parent}/f`, 'other\n');
  const [command] = verdict.type === 'change' ? verdict.commands : [];
  const {status, stderr} = spawnSync('sh', ['-s'], {input: command && textHere(command)});
  t.is(status, 1);
  t.regex(stderr.toString(), /f was changed in the meantime/);
  t.is(readFileSync(`${parent}/f`, 'utf8'), 'other\n');
});

test('lines that are not UTF-8 survive an edit', (t) => {
  const parent = newDirectory();
  writeFileSync(`${parent}/f`, Buffer.from([0xff, 0x0a, 0x62, 0x0d, 0x0a, 0xfe]));
  converges(t, block({path: `${parent}/f`, name: 'é', block: 'ü\n', insertAfter: /^b/}), parent);
  const bytes = readFileSync(`${parent}/f`);
  t.deepEqual([...bytes.subarray(0, 4)], [0xff, 0x0a, 0x62, 0x0d]);
  t.true(bytes.includes('# BEGIN infra: é\nü\n# END infra: é\n'));
  t.is(bytes.at(-1), 0xfe, 'the last line gets no line break');
  converges(t, block({path: `${parent}/f`, name: 'é', state: 'absent'}), parent);
  t.deepEqual([...readFileSync(`${parent}/f`)], [0xff, 0x0a, 0x62, 0x0d, 0x0a, 0xfe]);
});

test('a directory is made with its parents, and deleted without following links', (t) => {
  const parent = newDirectory();
  mkdirSync(`${parent}/other`);
  writeFileSync(`${parent}/other/kept`, '');
  converges(t, directory({path: `${parent}/a/b`, mode: '2750'}), parent);
  t.deepEqual([mode(`${parent}/a`), mode(`${parent}/a/b`)], ['755', '2750']);
  symlinkSync('../other', `${parent}/a/link`);
  t.is(planLocally(directory({path: `${parent}/a/link`})).type, 'unchanged');
  converges(t, directory({path: `${parent}/a`, state: 'absent'}), parent);
  t.true(existsSync(`${parent}/other/kept`));
});

test('a directory loses a set-group-ID bit that its mode does not have, inherited or its own', (t) => {
  const parent = newDirectory();
  chmodSync(parent, 0o2755);
  converges(t, directory({path: `${parent}/a`, mode: '0755'}), parent);
  mkdirSync(`${parent}/b`);
  converges(t, directory({path: `${parent}/b`, mode: '0750'}), parent);
  mkdirSync(`${parent}/c`);
  converges(t, permissions({path: `${parent}/c`, most: '0700'}), parent);
  t.deepEqual(
    ['a', 'b', 'c'].map((name) => mode(`${parent}/${name}`)),
    ['755', '750', '700'],
  );
});

test('directories of the system are never deleted', (t) => {
  for (const path of ['/', '/etc', '/usr', '/var', '/home', '/var/lib', '/usr/bin', '/etc/ssh']) {
    t.throws(() => directory({path, state: 'absent'}), {instanceOf: SpecError}, path);
  }
  t.notThrows(() => directory({path: '/srv/site', state: 'absent'}));
});
