import {execFile} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import ava from 'ava';
import {ANSWERS, type Choices, compareProject, renderProject, writeProject} from '../../src/project/index.js';
import {ABOUT, choices, serversLike} from './choices.js';

// Each listens for signals of the process while it writes.
const test = ava.serial;

const emptyDirectory = () => mkdtempSync(join(tmpdir(), 'infra-project-'));

const render = (more: Partial<Choices> = {}) => renderProject(choices(more), ABOUT);

/** What is not `same`, as `kind path`. */
const changesOf = (root: string, files: ReadonlyMap<string, string>) =>
  compareProject(root, files).flatMap(({kind, path}) => (kind === 'same' ? [] : [`${kind} ${path}`]));

const write = (root: string, files: ReadonlyMap<string, string>) => writeProject(root, compareProject(root, files));

/** Every file by its path, with its text. */
function textsIn(root: string): Record<string, string> {
  const entries = readdirSync(root, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file.slice(root.length + 1), readFileSync(file, 'utf8')]));
}

test('every file is written to an empty directory, and nothing the second time', async (t) => {
  const root = join(emptyDirectory(), 'new', 'shop');
  const files = render();
  t.true(compareProject(root, files).every(({kind, before}) => kind === 'new' && before === undefined));
  await write(root, files);
  t.deepEqual(textsIn(root), Object.fromEntries([...files].sort(([one], [other]) => (one < other ? -1 : 1))));
  t.deepEqual(changesOf(root, files), []);
  await write(root, files);
  t.deepEqual(changesOf(root, files), []);
});

test('other choices change the files that depend on them, and no others', async (t) => {
  const root = emptyDirectory();
  await write(root, render());
  t.deepEqual(changesOf(root, render({sshFrom: ['192.0.2.0/24']})), [
    'changed README.md',
    'changed inventory/group_vars/all.yml',
    'changed playbooks/site.ts',
    'changed .github/workflows/plan.yml',
    `changed ${ANSWERS}`,
  ]);
});

test('an edited file stays as it is until infra would write it differently', async (t) => {
  const root = emptyDirectory();
  await write(root, render());
  writeFileSync(join(root, 'playbooks/site.ts'), '// mine\n');
  t.deepEqual(changesOf(root, render()), []);
  const other = render({database: 'mysql'});
  t.true(changesOf(root, other).includes('edited playbooks/site.ts'));
  // A user who keeps their version is not asked again.
  await writeProject(
    root,
    compareProject(root, other).filter(({kind}) => kind !== 'edited'),
  );
  t.is(readFileSync(join(root, 'playbooks/site.ts'), 'utf8'), '// mine\n');
  t.deepEqual(changesOf(root, other), []);
});

test('files that infra never wrote are the user’s', (t) => {
  const root = emptyDirectory();
  writeFileSync(join(root, 'README.md'), '# Mine\n');
  writeFileSync(join(root, 'package.json'), '{}');
  const changes = changesOf(root, render());
  t.deepEqual(
    changes.filter((change) => change.startsWith('edited')),
    ['edited README.md', 'edited package.json'],
  );
});

test('patterns are added to an existing .gitignore, once', async (t) => {
  const root = emptyDirectory();
  const file = join(root, '.gitignore');
  writeFileSync(file, 'dist/\n.infra/');
  t.true(changesOf(root, render()).includes('changed .gitignore'));
  await write(root, render());
  t.is(readFileSync(file, 'utf8'), 'dist/\n.infra/\nnode_modules/\n*.plan\ncomment.md\ninfra-report-*.html\n');
  t.deepEqual(changesOf(root, render()), []);
});

test('a sample page is written to a missing or empty directory only', async (t) => {
  const root = emptyDirectory();
  const files = render({content: {kind: 'directory', directory: 'site'}});
  t.true(changesOf(root, files).includes('new site/index.html'));
  await write(root, files);
  writeFileSync(join(root, 'site/index.html'), 'mine');
  t.deepEqual(changesOf(root, files), ['edited site/index.html']);
  rmSync(join(root, 'site/index.html'));
  writeFileSync(join(root, 'site/start.html'), 'mine');
  t.deepEqual(changesOf(root, files), []);
});

test('answers files are compared by content, not by layout', async (t) => {
  const root = emptyDirectory();
  await write(root, render());
  const file = join(root, ANSWERS);
  writeFileSync(file, `# Ours since spring.\n${readFileSync(file, 'utf8')}`);
  t.deepEqual(changesOf(root, render()), []);
  writeFileSync(file, 'servers: [');
  t.true(changesOf(root, render()).includes(`changed ${ANSWERS}`));
});

test('a file keeps its mode', async (t) => {
  const root = emptyDirectory();
  await write(root, render());
  chmodSync(join(root, 'README.md'), 0o640);
  await write(root, render({servers: serversLike('b', 'wp')}));
  t.is(statSync(join(root, 'README.md')).mode & 0o777, 0o640);
});

test('links that lead out of the project are refused, and nothing is written; others are followed', async (t) => {
  const outside = emptyDirectory();
  for (const [link, target] of [
    ['inventory', outside],
    ['README.md', join(outside, 'theirs')],
    ['playbooks', 'nowhere'],
  ] as const) {
    const root = emptyDirectory();
    symlinkSync(target, join(root, link));
    const changes = [...render()].map(([path, after]) => ({path, kind: 'new' as const, before: undefined, after}));
    await t.throwsAsync(writeProject(root, changes), {message: new RegExp(`^${link} cannot be written: it is a link`)});
    t.deepEqual(readdirSync(root), [link]);
    t.deepEqual(readdirSync(outside), []);
  }
  const root = emptyDirectory();
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/README.md'), 'old');
  symlinkSync('docs/README.md', join(root, 'README.md'));
  await write(root, render());
  t.is(readFileSync(join(root, 'docs/README.md'), 'utf8'), render().get('README.md') ?? '');
});

test('a file or directory that is in the way is named', async (t) => {
  const root = emptyDirectory();
  writeFileSync(join(root, 'inventory'), '');
  const changes = [...render()].map(([path, after]) => ({path, kind: 'new' as const, before: undefined, after}));
  await t.throwsAsync(writeProject(root, changes), {message: /^inventory cannot be written: it is not a directory/});
  mkdirSync(join(root, 'README.md'));
  t.throws(() => compareProject(root, new Map([['README.md', '']])), {message: /README\.md: it is a directory$/});
});

/** Writes another form of a project in a process of its own, in which a step of writing goes wrong; 0: none. */
const WRITER = `
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
const [, , root, wrong, step] = process.argv;
let steps = 0;
for (const name of ['writeFileSync', 'renameSync', 'mkdirSync', 'rmSync', 'copyFileSync']) {
  const real = fs[name];
  fs[name] = (...args) => {
    steps += 1;
    if (steps === Number(step)) {
      if (wrong === 'EIO') throw new Error('EIO: no luck');
      process.kill(process.pid, wrong);
    }
    return real(...args);
  };
}
syncBuiltinESMExports();
const {compareProject, renderProject, writeProject} = await import(process.env.PROJECT);
const files = renderProject(JSON.parse(process.env.CHOICES), JSON.parse(process.env.ABOUT));
try {
  await writeProject(root, compareProject(root, files));
  console.log(steps);
} catch (error) {
  console.log(error.constructor.name);
}
`;

const OTHER = choices({servers: serversLike('b', 'b', 'wp', 'wr'), virtualAddress: ['192.0.2.100'], user: 'root'});
const WHOLE = renderProject(OTHER, ABOUT);

async function disturbed(root: string, wrong: string, step: number): Promise<string> {
  const env = {
    ...process.env,
    PROJECT: new URL('../../src/project/index.js', import.meta.url).href,
    CHOICES: JSON.stringify(OTHER),
    ABOUT: JSON.stringify(ABOUT),
  };
  const args = ['--input-type=module', '--eval', WRITER, '--', 'writer', root, wrong, String(step)];
  return new Promise((resolve) => {
    execFile(process.execPath, args, {env, encoding: 'utf8'}, (_, stdout) => resolve(stdout.trim()));
  });
}

/** A project as it was first written, to be changed to `OTHER`. */
async function oldProject() {
  const root = emptyDirectory();
  await write(root, render());
  return {root, before: textsIn(root)};
}

/** Some of the steps that writing `OTHER` takes: while it is staged, while it is put in place, and at the very end. */
async function someSteps(root?: string): Promise<number[]> {
  const steps = Number(await disturbed(root ?? (await oldProject()).root, 'EIO', 0));
  return [0.2, 0.5, 0.62, 0.7, 0.78, 0.86, 0.93, 1].map((part) => Math.round(steps * part));
}

test('when a step fails, the directory is as it was', async (t) => {
  // The last two steps clear up: nothing that they leave is taken for a part of the project.
  for (const step of (await someSteps()).slice(0, -1)) {
    const {root, before} = await oldProject();
    t.is(await disturbed(root, 'EIO', step), 'InputError', `step ${step}`);
    t.deepEqual(textsIn(root), before, `step ${step}`);
  }
});

test('when writing is killed, the directory is then found as before or as it was to become', async (t) => {
  const steps = await someSteps();
  const found: boolean[] = [];
  for (const step of steps) {
    const {root, before} = await oldProject();
    t.is(await disturbed(root, 'SIGKILL', step), '', `step ${step}`);
    const journal = existsSync(join(root, '.infra-init/journal.json'));
    compareProject(root, WHOLE);
    const isLast = step === steps.at(-1);
    t.deepEqual(textsIn(root), isLast ? Object.fromEntries(WHOLE) : before, `step ${step}`);
    found.push(journal);
  }
  // Some of these were killed when files were in their places already.
  t.true(found.filter((each) => each).length >= 3, found.join());
});

test('a new directory is empty again when writing to it was killed', async (t) => {
  for (const step of (await someSteps(emptyDirectory())).slice(1, -1)) {
    const root = emptyDirectory();
    t.is(await disturbed(root, 'SIGKILL', step), '');
    t.not(readdirSync(root).length, 0);
    compareProject(root, WHOLE);
    t.deepEqual(readdirSync(root), []);
  }
});

test('a file that was edited after a kill stays', async (t) => {
  const {root, before} = await oldProject();
  await disturbed(root, 'SIGKILL', (await someSteps())[5] ?? 0);
  t.not(readFileSync(join(root, 'README.md'), 'utf8'), before['README.md']);
  writeFileSync(join(root, 'README.md'), 'mine');
  compareProject(root, WHOLE);
  t.deepEqual(textsIn(root), {...before, 'README.md': 'mine'});
});

test('Ctrl-C waits until everything is written, and then ends the process', async (t) => {
  const {root} = await oldProject();
  t.is(await disturbed(root, 'SIGINT', (await someSteps())[5] ?? 0), '');
  t.deepEqual(textsIn(root), Object.fromEntries(WHOLE));
});
