import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
  beginCompiled,
  compiledPlaybook,
  faultOfDirectory,
  findCompiled,
  keepCompiled,
  outputOptions,
} from '../../src/playbooks/compiled.js';

function newDirectory(t: ExecutionContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'infra-compiled-')));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  return root;
}

/** A digest of one letter. */
const digest = (letter: string) => letter.repeat(64);

/** Keeps a version with this text. */
function keep(directory: string, name: string, text = 'export {};\n'): string | undefined {
  const work = beginCompiled(directory);
  writeFileSync(join(work, 'site.js'), text);
  return keepCompiled(work, directory, name);
}

test('what was kept is found by its digest, and by no other', (t) => {
  const directory = join(newDirectory(t), 'types');
  const kept = keep(directory, digest('a'));
  t.is(kept, join(directory, digest('a')));
  t.is(findCompiled(directory, digest('a')), kept);
  t.is(findCompiled(directory, digest('b')), undefined);
  t.deepEqual(readdirSync(directory), [digest('a')]);
});

test('a version in work is for its owner alone, and finds this package', (t) => {
  const directory = join(newDirectory(t), 'types');
  const work = beginCompiled(directory);
  t.is(findCompiled(directory, work.slice(directory.length + 1)), undefined, 'it is not complete');
  const stub = readFileSync(join(work, 'node_modules/infra/index.js'), 'utf8');
  t.regex(stub, /^export \* from "file:\/\/\/.*\/index\.js";\n$/);
  t.is(JSON.parse(readFileSync(join(work, 'package.json'), 'utf8')).type, 'module');
});

const DAMAGES: readonly (readonly [what: string, damage: (kept: string) => void])[] = [
  ['an edited file', (kept) => writeFileSync(join(kept, 'site.js'), 'evil();\n')],
  ['a new file', (kept) => writeFileSync(join(kept, 'more.js'), '')],
  ['a missing file', (kept) => rmSync(join(kept, 'site.js'))],
  ['an edited stub', (kept) => writeFileSync(join(kept, 'node_modules/infra/index.js'), '')],
  ['a missing record', (kept) => rmSync(join(kept, 'digests.json'))],
  ['a mode with which others may write', (kept) => chmodSync(kept, 0o777)],
];

for (const [what, damage] of DAMAGES) {
  test(`a version with ${what} is not used, and is replaced when it is made again`, (t) => {
    const directory = newDirectory(t);
    const kept = keep(directory, digest('a'), 'export const one = 1;\n') ?? '';
    damage(kept);
    t.is(findCompiled(directory, digest('a')), undefined);
    t.is(keep(directory, digest('a'), 'export const two = 2;\n'), kept);
    t.is(readFileSync(join(kept, 'site.js'), 'utf8'), 'export const two = 2;\n');
  });
}

test('a link in place of a version is not followed', (t) => {
  const directory = newDirectory(t);
  const kept = keep(directory, digest('a')) ?? '';
  symlinkSync(kept, join(directory, digest('b')));
  t.is(findCompiled(directory, digest('b')), undefined);
});

test('of two checks of the same files, the version of the first stays', (t) => {
  const directory = newDirectory(t);
  const late = beginCompiled(directory);
  const kept = keep(directory, digest('a'), 'export const first = 1;\n');
  t.is(keepCompiled(late, directory, digest('a')), kept);
  t.is(readFileSync(join(kept ?? '', 'site.js'), 'utf8'), 'export const first = 1;\n');
  t.false(existsSync(late));
});

test('the four newest versions are kept with the work of running checks, and nothing else', (t) => {
  const directory = newDirectory(t);
  const age = (name: string, minutes: number) => {
    const then = new Date(Date.now() - minutes * 60_000);
    utimesSync(join(directory, name), then, then);
  };
  for (const [minutes, letter] of ['e', 'd', 'c', 'b'].entries()) {
    keep(directory, digest(letter));
    age(digest(letter), 10 - minutes);
  }
  for (const [name, minutes] of [
    ['new-running', 9],
    ['new-abandoned', 11],
    ['foreign', 0],
  ] as const) {
    mkdirSync(join(directory, name));
    age(name, minutes);
  }
  writeFileSync(`${directory}.good`, '');
  keep(directory, digest('a'));
  t.deepEqual(readdirSync(directory).sort(), [digest('a'), digest('b'), digest('c'), digest('d'), 'new-running']);
  t.false(existsSync(`${directory}.good`));
});

test('the JavaScript is below the directory as the playbook is below the root', (t) => {
  const directory = newDirectory(t);
  mkdirSync(join(directory, 'srv/shop'), {recursive: true});
  writeFileSync(join(directory, 'srv/shop/site.js'), '');
  writeFileSync(join(directory, 'srv/shop/other.mjs'), '');
  const source = {file: '/srv/shop/site.ts', text: "import 'infra';"};
  t.is(compiledPlaybook(directory, '/srv/shop/site.ts', [source]), join(directory, 'srv/shop/site.js'));
  t.is(compiledPlaybook(directory, '/srv/shop/other.mts', [source]), join(directory, 'srv/shop/other.mjs'));
  t.is(compiledPlaybook(directory, '/srv/shop/absent.ts', [source]), undefined);
  const asking = {file: '/srv/shop/lib.ts', text: 'import.meta.url'};
  t.is(compiledPlaybook(directory, '/srv/shop/site.ts', [source, asking]), undefined);
  t.like(outputOptions(directory, '/srv/shop/site.ts'), {outDir: directory, rootDir: '/', noEmitOnError: true});
});

test('a directory is made for its owner alone, and may then be used', (t) => {
  const directory = join(newDirectory(t), 'a/b');
  t.is(faultOfDirectory(directory), undefined);
  t.is(faultOfDirectory(directory), undefined);
});

test('a directory that others can change is refused, with the one that is open', (t) => {
  const root = newDirectory(t);
  const directory = join(root, 'a/b');
  mkdirSync(directory, {recursive: true});
  chmodSync(directory, 0o770);
  t.is(faultOfDirectory(directory), `${directory} belongs to another user, or others may write to it`);
  chmodSync(directory, 0o700);
  chmodSync(join(root, 'a'), 0o777);
  t.is(faultOfDirectory(directory), `others may change what is in ${join(root, 'a')}`);
  chmodSync(join(root, 'a'), 0o1777);
  t.is(faultOfDirectory(directory), undefined);
  writeFileSync(join(root, 'file'), '');
  t.regex(faultOfDirectory(join(root, 'file/types')) ?? '', /^ENOTDIR/);
});
