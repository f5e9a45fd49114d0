import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
  CLEAN,
  type Command,
  giveUp,
  HOLD,
  inDirectory,
  inDirectoryOf,
  MAKE,
  SETTLE,
  sh,
} from '../../src/shell/index.js';

/** An empty directory of ours with a difficult name, below one in which others may write. */
function place(t: ExecutionContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "infra it's in ")));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  return root;
}

function run(command: Command) {
  const {status, stdout, stderr} = spawnSync('sh', [], {input: `(\n${command.reveal()}\n) </dev/null`, cwd: '/'});
  return {code: status, stdout: String(stdout), stderr: String(stderr)};
}

test('giving up ends a subshell with a reason, whatever is in it', (t) => {
  const {code, stdout, stderr} = run(sh`${giveUp("it's 100% $HOME\\n")}; echo on`);
  t.deepEqual([code, stdout, stderr], [1, '', "it's 100% $HOME\\n\n"]);
});

test('a command runs in a directory, and the shell around it stays where it is', (t) => {
  const root = place(t);
  t.deepEqual(run(sh`${inDirectory(root, sh`pwd -P`)} && pwd`), {code: 0, stdout: `${root}\n/\n`, stderr: ''});
});

test('a command runs in the directory of a path, which is its last name there', (t) => {
  const root = place(t);
  for (const name of ['a b', "it's", '-n', '$x\n'])
    t.is(run(inDirectoryOf(join(root, name), sh`printf '%s|' "$PWD" "$n"`)).stdout, `${root}|${name}|`);
  t.is(run(inDirectoryOf('/x', sh`printf '%s|' "$PWD" "$n"`)).stdout, '/|x|', 'the directory may be the root');
});

test('what is made there is its owner’s alone', (t) => {
  const root = place(t);
  run(inDirectoryOf(join(root, 'f'), sh`: >"./$n"; mkdir ./d`));
  t.deepEqual(
    ['f', 'd'].map((name) => lstatSync(join(root, name)).mode & 0o777),
    [0o600, 0o700],
  );
});

test('a directory that is missing is named, or something else is done', (t) => {
  const path = join(place(t), 'no', 'file');
  t.deepEqual(run(inDirectoryOf(path, sh`echo on`)), {
    code: 1,
    stdout: '',
    stderr: `the directory ${join(path, '..')} does not exist\n`,
  });
  t.deepEqual(run(inDirectoryOf(path, sh`echo on`, sh`exit 7`)), {code: 7, stdout: '', stderr: ''});
  t.is(run(inDirectory(path, sh`echo on`)).stderr, `the directory ${path} does not exist\n`);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('a link of ours on the way is followed, one that others may change is not', (t) => {
  const root = place(t);
  for (const name of ['ours', 'theirs']) mkdirSync(join(root, name, 'real', 'sub'), {recursive: true});
  chmodSync(root, 0o755);
  for (const name of ['ours', 'theirs']) symlinkSync('real', join(root, name, 'link'));
  chmodSync(join(root, 'theirs'), 0o777);
  t.is(run(inDirectory(join(root, 'ours/link/sub'), sh`pwd -P`)).stdout, `${join(root, 'ours/real/sub')}\n`);
  const path = join(root, 'theirs/link/sub');
  t.deepEqual(run(inDirectory(path, sh`pwd -P`)), {
    code: 1,
    stdout: '',
    stderr: `${path} is not followed: a link is on the way, and others may change where it leads\n`,
  });
});

/** Puts a new file with a content in the place of `NAME`. */
const put = (path: string, content: string) =>
  inDirectoryOf(path, sh`${CLEAN}; ${MAKE}; printf %s ${content} >&7; ${SETTLE}`);

test('a new file takes its place at once, and nothing else is left', (t) => {
  const root = place(t);
  const path = join(root, '-new file');
  t.deepEqual(run(put(path, 'one')), {code: 0, stdout: '', stderr: ''});
  t.is(run(put(path, 'two')).code, 0);
  t.deepEqual([readFileSync(path, 'utf8'), readdirSync(root)], ['two', ['-new file']]);
});

test('a link at the place is replaced, and what it leads to stays', (t) => {
  const root = place(t);
  writeFileSync(join(root, 'target'), 'old');
  symlinkSync('target', join(root, 'link'));
  run(put(join(root, 'link'), 'new'));
  t.is(readFileSync(join(root, 'target'), 'utf8'), 'old');
  t.true(lstatSync(join(root, 'link')).isFile());
});

test('a directory at the place is not replaced, and no new file is left', (t) => {
  const root = place(t);
  mkdirSync(join(root, 'd'));
  t.not(run(put(join(root, 'd'), 'new')).code, 0);
  t.deepEqual(readdirSync(root), ['d']);
});

test('a command that fails before the end leaves no new file', (t) => {
  const root = place(t);
  t.is(run(inDirectoryOf(join(root, 'f'), sh`${CLEAN}; ${MAKE}; false && ${SETTLE}`)).code, 1);
  t.deepEqual(readdirSync(root), []);
});

test('a shell that is asked to end leaves no new file', (t) => {
  const root = place(t);
  const command = inDirectoryOf(
    join(root, 'f'),
    sh`${CLEAN}; ${MAKE}; [ -e "$t" ] && echo made; kill -TERM "$(exec sh -c 'echo $PPID')"; echo on; ${SETTLE}`,
  );
  const {code, stdout} = run(command);
  t.deepEqual([code, stdout, readdirSync(root)], [143, 'made\n', []]);
});

test('what a power cut left is removed, and what only looks like it stays', (t) => {
  const root = place(t);
  const left = '.infra-01234567-89ab-4cde-8f01-23456789abcd';
  writeFileSync(join(root, left), 'half');
  symlinkSync('/etc/passwd', join(root, `${left}2`));
  writeFileSync(join(root, '.infra-notes'), 'mine');
  run(put(join(root, 'f'), 'x'));
  t.deepEqual(readdirSync(root).sort(), [`${left}2`, '.infra-notes', 'f'].sort());
});

const held = (path: string) => run(inDirectoryOf(path, sh`${HOLD}; hold && cat <&8 || echo refused`)).stdout;

for (const [where, mode] of [
  ['a directory of ours', 0o755],
  ['a directory that others may change', 0o1777],
  // As packages make those of their services: a directory that is made in it is a set-group-ID one as well.
  ['a set-group-ID directory that others may change', 0o2777],
] as const)
  test(`the old file is opened only when it is a file: in ${where}`, (t) => {
    const root = place(t);
    writeFileSync(join(root, 'f'), 'content');
    symlinkSync('f', join(root, 'link'));
    mkdirSync(join(root, 'd'));
    chmodSync(root, mode);
    t.deepEqual(
      ['f', 'link', 'd', 'missing'].map((name) => held(join(root, name))),
      ['content', 'refused\n', 'refused\n', 'refused\n'],
    );
    t.deepEqual(readdirSync(root).sort(), ['d', 'f', 'link']);
  });

test('in a directory that others may change, a file with a second name is refused', (t) => {
  const root = place(t);
  chmodSync(root, 0o1777);
  writeFileSync(join(root, 'f'), 'content');
  spawnSync('ln', [join(root, 'f'), join(root, 'g')]);
  t.is(held(join(root, 'f')), 'refused\n');
});
