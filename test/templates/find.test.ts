import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Content, InputError} from '../../src/model/index.js';
import {findTemplate, loadFile} from '../../src/templates/find.js';

/** A directory with files, by their names. */
function directoryOf(t: ExecutionContext, files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'infra-find-'));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), {recursive: true});
    writeFileSync(join(root, name), content);
  }
  return root;
}

test('the first directory wins, and an exact name wins over one with an ending', (t) => {
  const [own, ours] = [directoryOf(t, {'b.ejs': ''}), directoryOf(t, {a: '', 'a.ejs': '', b: ''})];
  t.is(findTemplate('a', [own, ours]), join(ours, 'a'));
  t.is(findTemplate('a.ejs', [own, ours]), join(ours, 'a.ejs'));
  t.is(findTemplate('b', [own, ours]), join(own, 'b.ejs'));
});

test('a directory is not a template, even where its name is asked for', (t) => {
  const root = directoryOf(t, {'nginx/site': '', 'nginx.ejs': ''});
  t.is(findTemplate('nginx', [root]), join(root, 'nginx.ejs'));
  t.throws(() => findTemplate('nginx/', [directoryOf(t, {'nginx/site': ''})]), {instanceOf: InputError});
});

test('a name that begins with a dot is next to the template that asks for it', (t) => {
  const root = directoryOf(t, {'a/part.ejs': '', 'part.ejs': '', 'a/site.ejs': ''});
  const from = join(root, 'a/site.ejs');
  t.is(findTemplate('./part', [root], from), join(root, 'a/part.ejs'));
  t.is(findTemplate('../part', [root], from), join(root, 'part.ejs'));
  t.is(findTemplate('part', [root], from), join(root, 'part.ejs'));
});

const faultOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.flatMap(({message, hint}) => [message, hint]);
    throw error;
  }
  return [];
};

test('a name that is nowhere is reported with the directories and the next step', (t) => {
  const [own, missing] = [directoryOf(t, {'nginx/site.conf.ejs': ''}), '/no/such/directory'];
  t.deepEqual(
    faultOf(() => findTemplate('nginx/site.cnf.ejs', [own, missing])),
    [
      `no file "nginx/site.cnf.ejs" in ${relative('', own)}/ or ${relative('', missing)}/`,
      'Did you mean "nginx/site.conf.ejs"?',
    ],
  );
  t.deepEqual(
    faultOf(() => findTemplate('quite/another', [own])),
    [`no file "quite/another" in ${relative('', own)}/`, `Put it here: ${relative('', join(own, 'quite/another'))}`],
  );
  t.deepEqual(
    faultOf(() => findTemplate('a', [])),
    ['no file "a" in any directory: none was given', undefined],
  );
});

test('a file is content under its exact name, and who opened it is told', (t) => {
  const root = directoryOf(t, {motd: 'hello', 'b.ejs': ''});
  const opened: string[] = [];
  const content = loadFile('motd', {templateDirectories: [root], opened: (file) => opened.push(file)}, true);
  t.is(String(content.bytes), 'hello');
  t.true(content.sensitive);
  t.deepEqual(opened, [join(root, 'motd')]);
  t.throws(() => loadFile('b', {templateDirectories: [root]}, false), {instanceOf: InputError});
});

test('a file is read once a run, and once more where it is hidden', (t) => {
  const root = directoryOf(t, {f: 'one'});
  const environment = {templateDirectories: [root], contents: new Map<string, Content>()};
  const content = loadFile('f', environment, false);
  writeFileSync(join(root, 'f'), 'two');
  t.is(loadFile('f', environment, false), content);
  t.true(loadFile('f', environment, true).sensitive);
  t.is(String(loadFile('f', {templateDirectories: [root]}, false).bytes), 'two');
});

async function read(content: Content): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content.upload().read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

for (const size of [64 * 1024, 64 * 1024 + 1, 600 * 1024])
  test(`a file of ${size} bytes is sent as it is`, async (t) => {
    const bytes = Buffer.alloc(size, 'infra 0123456789');
    const content = loadFile('f', {templateDirectories: [directoryOf(t, {f: bytes})]}, false);
    t.deepEqual([content.size, content.sha256], [size, createHash('sha256').update(bytes).digest('hex')]);
    t.is(content.bytes === undefined, size > 64 * 1024, 'a large file is not kept in memory');
    t.true((await read(content)).equals(bytes));
    t.true((await read(content)).equals(bytes), 'and again to the next host');
  });

test('a large file that changed since the plan is not sent', async (t) => {
  const root = directoryOf(t, {f: Buffer.alloc(100_000, 'a')});
  const content = loadFile('f', {templateDirectories: [root]}, false);
  writeFileSync(join(root, 'f'), Buffer.alloc(100_000, 'b'));
  await t.throwsAsync(read(content), {message: `${join(root, 'f')} has changed since it was planned`});
});
