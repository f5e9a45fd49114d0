import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {codeFiles, loadSources, localNames, resolveLocal} from '../../src/playbooks/sources.js';

/** A directory with these files; gives the path of one in it. */
function files(t: ExecutionContext, texts: Readonly<Record<string, string>>): (name: string) => string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'infra sources ü-')));
  t.teardown(() => rmSync(root, {recursive: true}));
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, name)), {recursive: true});
    writeFileSync(join(root, name), text);
  }
  return (name) => join(root, name);
}

const IMPORTS: readonly (readonly [text: string, ...specifiers: string[]])[] = [
  [`import a from './a.js';`, './a.js'],
  [`import {\n  a,\n  b,\n} from "../b";`, '../b'],
  [`export * from './c/index.ts';`, './c/index.ts'],
  [`import './effect.js'`, './effect.js'],
  [`const d = await import('./d.js');`, './d.js'],
  [`const e = require( './e.js' )`, './e.js'],
  [`import type {F} from '/f.ts'`, '/f.ts'],
  [`import g from 'file:///g.ts'; import h from '#h'`, 'file:///g.ts', '#h'],
  [`import up from '..'; import here from '.'`, '..', '.'],
  [`import x from 'infra'; import y from '@scope/y/z'; import fs from 'node:fs'`],
  [`import z from '.hidden'; import(name); const from = 'x'`],
  [`import broken from './a"`],
];

for (const [text, ...specifiers] of IMPORTS) {
  test(`the files that are imported by ${JSON.stringify(text)} are ${specifiers.length}`, (t) => {
    const found = localNames(text);
    t.deepEqual(
      found.map(({specifier}) => specifier),
      specifiers,
    );
    for (const {specifier, offset} of found) t.is(text.slice(offset + 1, offset + 1 + specifier.length), specifier);
  });
}

const RESOLVED: readonly (readonly [specifier: string, file: string | undefined])[] = [
  ['./a.ts', 'a.ts'],
  ['./a.js', 'a.ts'],
  ['./a', 'a.ts'],
  ['./both.js', 'both.js'],
  ['./m.mjs', 'm.mts'],
  ['./m', 'm.mts'],
  ['./plain', 'plain.js'],
  ['./dir', 'dir/index.ts'],
  ['./dir/../a', 'a.ts'],
  ['.', 'index.ts'],
  ['./absent.js', undefined],
  ['./empty', undefined],
];

for (const [specifier, file] of RESOLVED) {
  test(`the import of "${specifier}" means ${file ?? 'no file'}`, (t) => {
    const names = ['a.ts', 'both.js', 'both.ts', 'm.mts', 'plain.js', 'dir/index.ts', 'index.ts', 'empty/readme.md'];
    const at = files(t, Object.fromEntries(names.map((name) => [name, ''])));
    t.is(resolveLocal(specifier, at('site.ts')), file === undefined ? undefined : at(file));
  });
}

test('sources are the playbook and all that it imports, each once, also in a circle', (t) => {
  const at = files(t, {
    'site.ts': "import './lib/one.js';\nimport './lib/two.js';\nimport './absent.js';\n",
    'lib/one.ts': "import './two.js';\nimport '../site.js';\n",
    'lib/two.ts': `import '${pathToFileURL('/absent.ts').href}';\n`,
    'other.ts': '',
  });
  const sources = loadSources(at('site.ts'));
  t.deepEqual(
    sources.map(({file}) => file),
    [at('site.ts'), at('lib/one.ts'), at('lib/two.ts')],
  );
  t.is(sources[1]?.text, "import './two.js';\nimport '../site.js';\n");
  t.throws(() => loadSources(at('absent.ts')), {code: 'ENOENT'});
});

test('a file URL is followed, whatever characters it has', (t) => {
  const at = files(t, {'ä b.ts': ''});
  writeFileSync(at('site.ts'), `import '${pathToFileURL(at('ä b.ts')).href}';`);
  t.deepEqual(
    loadSources(at('site.ts')).map(({file}) => file),
    [at('site.ts'), at('ä b.ts')],
  );
});

test('packages count with their dependencies, without what never runs', (t) => {
  const at = files(t, {
    'p/site.ts': "import 'one/deep'; import '@s/two'; import 'absent'; import 'node:fs'; import fs from 'fs';",
    'node_modules/one/package.json': '{"dependencies": {"three": "1"}, "peerDependencies": {"absent": "1"}}',
    'node_modules/one/deep.js': '',
    'node_modules/one/deep.d.ts': '',
    'node_modules/one/deep.d.mts': '',
    'node_modules/one/deep.js.map': '',
    'node_modules/one/data/table.json': '{}',
    'node_modules/one/node_modules/three/package.json': 'damaged',
    'node_modules/one/node_modules/three/index.js': '',
    'node_modules/one/.git/config': '',
    'node_modules/three/package.json': '{}',
    'p/node_modules/@s/two/package.json': '{"optionalDependencies": {"one": "1"}}',
    'unused/package.json': '{}',
  });
  t.deepEqual(codeFiles(at('p/site.ts')), {
    playbook: [at('p/site.ts')],
    package: [
      ...['data/table.json', 'deep.js', 'node_modules/three/index.js', 'node_modules/three/package.json'],
      'package.json',
    ]
      .map((name) => at(`node_modules/one/${name}`))
      .concat(at('p/node_modules/@s/two/package.json')),
  });
});

test('a package that is a link is found at its real place', (t) => {
  const at = files(t, {'site.ts': "import 'linked'", 'elsewhere/package.json': '{}', 'node_modules/.keep': ''});
  symlinkSync(at('elsewhere'), at('node_modules/linked'));
  t.deepEqual(codeFiles(at('site.ts')).package, [at('elsewhere/package.json')]);
});
