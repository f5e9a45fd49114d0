import {createHash} from 'node:crypto';
import {appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {loadInventory} from '../../../src/inventory/index.js';
import {inventoryDigest, playbookDigest} from '../../../src/session/file-digests.js';
import {changedSources, digestSources, writtenSince} from '../../../src/session/saved-plan/plan-sources.js';

const root = mkdtempSync(path.join(tmpdir(), 'infra-sources-'));
test.after.always(() => rmSync(root, {recursive: true}));

const cwd = process.cwd();

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A project with an inventory and one file of variables; `at` gives the path of a file in it. */
function project(name: string) {
  const at = (file: string) => path.join(root, name, file);
  mkdirSync(at('group_vars'), {recursive: true});
  writeFileSync(at('hosts.yml'), 'web: {hosts: {web1: }}');
  writeFileSync(at('group_vars/web.yml'), 'port: 2222\n');
  writeFileSync(at('site.ts'), '');
  return at;
}

test('a file of variables that has changed, is missing or is new is detected and named', (t) => {
  const at = project('plan');
  const {files} = loadInventory(at('hosts.yml'));
  const sources = digestSources({root: cwd, playbook: at('site.ts'), inventory: files, templates: []}, sha256);
  t.deepEqual(changedSources(cwd, sources, sha256), []);

  mkdirSync(at('host_vars'));
  writeFileSync(at('host_vars/web1.yml'), '');
  t.deepEqual(changedSources(cwd, sources, sha256), [`${at('host_vars/web1.yml')} (inventory) is new`]);
  rmSync(at('host_vars/web1.yml'));

  appendFileSync(at('group_vars/web.yml'), '\n');
  t.deepEqual(changedSources(cwd, sources, sha256), [`${at('group_vars/web.yml')} (inventory) has changed`]);
  rmSync(at('group_vars/web.yml'));
  t.deepEqual(changedSources(cwd, sources, sha256), [`${at('group_vars/web.yml')} (inventory) is missing`]);
});

test("the recorded digest covers the inventory and the files next to it, whatever the project's path", (t) => {
  const [one, other] = [project('one'), project('other')];
  t.is(inventoryDigest(one('hosts.yml')), inventoryDigest(other('hosts.yml')));
  appendFileSync(one('group_vars/web.yml'), '\n');
  t.not(inventoryDigest(one('hosts.yml')), inventoryDigest(other('hosts.yml')));
  rmSync(one('group_vars/web.yml'));
  t.is(inventoryDigest(one('hosts.yml')), sha256(JSON.stringify(['web: {hosts: {web1: }}'])));
});

const sourcesOf = (at: (file: string) => string) =>
  digestSources(
    {root: cwd, playbook: at('site.ts'), inventory: loadInventory(at('hosts.yml')).files, templates: []},
    sha256,
  );

/** A project whose playbook imports a local file and a package, which depends on another. */
function withPackages(name: string) {
  const at = project(name);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(at(file)), {recursive: true});
    writeFileSync(at(file), text);
  };
  write(
    'site.ts',
    "import {x} from '@shop/handlers/reload';\nimport {y} from './lib/y.js';\nimport fs from 'node:fs';\n",
  );
  write('lib/y.ts', "import type {Host} from 'infra';\nconst z = await import('dynamic');\nexport const y = 1;\n");
  write('package.json', '{"imports": {"#own": "./own.js"}}');
  write(
    'node_modules/@shop/handlers/package.json',
    '{"dependencies": {"deep": "1"}, "devDependencies": {"unused": "1"}}',
  );
  write('node_modules/@shop/handlers/lib/reload.js', 'module.exports = {};');
  write('node_modules/@shop/handlers/lib/reload.d.ts', '');
  write('node_modules/@shop/handlers/data.json', '{}');
  write('node_modules/@shop/handlers/node_modules/inner/package.json', '{}');
  write('node_modules/deep/package.json', '{"optionalDependencies": {"missing": "1", "inner": "1"}}');
  write('node_modules/deep/index.js', '');
  write('node_modules/dynamic/package.json', '{"dependencies": {"deep": "1", "dynamic": "1"}}');
  write('node_modules/unused/package.json', '{}');
  return {at, write};
}

const PACKAGE_FILES = [
  'node_modules/@shop/handlers/package.json',
  'node_modules/@shop/handlers/lib/reload.js',
  'node_modules/@shop/handlers/data.json',
  'node_modules/deep/package.json',
  'node_modules/deep/index.js',
  'node_modules/dynamic/package.json',
];

test('a plan holds the files of the packages that a playbook imports, and of those they depend on', (t) => {
  const {at} = withPackages('packages');
  const sources = sourcesOf(at);
  const named = (role: string) => sources.filter((each) => each.role === role).map((each) => each.path);
  t.deepEqual(named('package'), PACKAGE_FILES.map(at).sort());
  t.deepEqual(named('playbook'), ['site.ts', 'lib/y.ts'].map(at));
});

for (const file of [...PACKAGE_FILES, 'site.ts', 'lib/y.ts']) {
  test(`an edit of ${file} is detected and named`, (t) => {
    const {at} = withPackages(`edited-${sha256(file).slice(0, 8)}`);
    const sources = sourcesOf(at);
    const before = playbookDigest(at('site.ts'));
    appendFileSync(at(file), '\n');
    const role = PACKAGE_FILES.includes(file) ? 'package' : 'playbook';
    t.deepEqual(changedSources(cwd, sources, sha256), [`${at(file)} (${role}) has changed`]);
    t.not(playbookDigest(at('site.ts')), before);
  });
}

test('a file that an import now resolves to instead of another is detected, though no file was edited', (t) => {
  const {at, write} = withPackages('shadowed');
  const sources = sourcesOf(at);
  write('lib/y.js', '');
  t.deepEqual(changedSources(cwd, sources, sha256), [`${at('lib/y.js')} (playbook) is new`]);
  rmSync(at('lib/y.js'));
  write('lib/node_modules/dynamic/package.json', '{}');
  t.deepEqual(changedSources(cwd, sources, sha256), [
    `${at('lib/node_modules/dynamic/package.json')} (package) is new`,
  ]);
});

test('names of the own package, absolute paths and links are followed to their files', (t) => {
  const {at, write} = withPackages('names');
  write('own.js', '');
  write('absolute.ts', '');
  write('linked/package.json', '{}');
  symlinkSync(at('linked'), at('node_modules/linked'));
  write('site.ts', `import '#own';\nimport '${at('absolute.ts')}';\nimport 'linked';\nimport '..';\n`);
  const sources = sourcesOf(at);
  const code = sources.filter(({role}) => role === 'playbook' || role === 'package').map((each) => each.path);
  t.deepEqual(code, ['site.ts', 'own.js', 'absolute.ts', 'linked/package.json'].map(at));
});

test('a file that was written while a plan was made is reported', (t) => {
  const at = project('inBetween');
  const before = Date.now();
  const sources = sourcesOf(at);
  t.deepEqual(writtenSince(cwd, sources, Date.now() + 1000), []);
  t.deepEqual(writtenSince(cwd, sources, before - 60_000), ['site.ts', 'hosts.yml', 'group_vars/web.yml'].map(at));
});
