import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {InputError, type PlaybookContext} from '../../src/model/index.js';
import {checkTypes, explainError, loadPlaybook} from '../../src/playbooks/index.js';
import {Secret} from '../../src/shell/index.js';

/** Files in a directory with no node_modules, whose name needs care. */
function directory(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'infra playbooks (1)-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), {recursive: true});
    writeFileSync(join(root, name), text);
  }
  return root;
}

const context: PlaybookContext = {
  secret: (name) => new Secret(name),
  inventory: {file: '/inventory.yml', files: ['/inventory.yml'], hosts: [], groups: new Map()},
  authority: () => Promise.reject(new Error('no authority here')),
  recipients: async () => [],
};

const SITE = `import {defineTask, play, playbook, Secret, sh} from 'infra';
import {text} from './lib/text';
import {hosts} from './lib/hosts.js';

interface Note { text: string }
const note = defineTask({
  type: 'note',
  id: (spec: Note) => spec.text,
  probe: () => sh\`true\`,
  parse: () => null,
  desire: () => ({}),
  change: () => [],
});
export default playbook('site', ({secret}) => [
  play(secret('x') instanceof Secret ? 'same' : 'another', {hosts}, [note({text})]),
]);
`;

test('a TypeScript playbook loads from any directory, with this very package behind "infra" and its own lines', async (t) => {
  const files = {
    'site.ts': SITE,
    'lib/text.ts': "export const text: string = 'a';",
    'lib/hosts.ts': "export enum H {A}\nexport const hosts = 'web';",
  };
  const root = directory(t, files);
  const {name, plays} = await loadPlaybook(join(root, 'site.ts'));
  const [play] = await plays(context);
  t.is(name, 'site');
  t.like(play, {name: 'same', hosts: 'web', at: {file: join(root, 'site.ts'), line: 15, column: 3}});
  t.like(play?.items[0], {type: 'note', id: 'a', at: {line: 15, column: 70}});
});

test('JavaScript playbooks load, as .js and as .mjs', async (t) => {
  const text =
    "import {play, playbook} from 'infra';\nexport default playbook('js', [play('one', {hosts: 'all'}, [])]);\n";
  const root = directory(t, {'one.js': text, 'two.mjs': text});
  const one = await loadPlaybook(join(root, 'one.js'));
  t.is((await one.plays(context))[0]?.at?.line, 2);
  t.is((await loadPlaybook(join(root, 'two.mjs'))).name, 'js');
});

type Case = readonly [title: string, text: string, fault: string, excerpt?: string];

const HEAD = "import {playbook} from 'infra';\n";
const CASES: readonly Case[] = [
  ['a syntax error', '// é𝒳\nexport default a +;\n', '2:19 Unexpected token', 'export default a +;'],
  [
    'a missing export',
    "import {\n  plybook} from 'infra';\nexport default plybook('a', []);\n",
    '2:3 "infra" has no export named "plybook" | Did you mean "playbook"?',
    "  plybook} from 'infra';",
  ],
  [
    'a missing file',
    `${HEAD}import {x} from './nix.js';\nexport default playbook(x, []);`,
    '2:17 there is no file $/nix.js | Check the path; it starts from the directory of this file.',
  ],
  [
    'a missing package',
    `${HEAD}import x from 'left-pad/a';\nexport default playbook(x, []);`,
    '2:15 there is no package "left-pad" | Run npm install left-pad in the directory of the playbook.',
  ],
  [
    'a path inside this package',
    "import {playbook} from 'infra/x';\nexport default playbook('a', []);",
    `1:24 there is no package "infra" | Import everything from 'infra' itself.`,
  ],
  [
    'an exception while it loads',
    `interface A {}\n\nfunction f(a: any) {\n  return a.b.c;\n}\nexport default f({});\n`,
    "4:14 TypeError: Cannot read properties of undefined (reading 'c')",
    '  return a.b.c;',
  ],
  [
    'an exception that is not an error',
    "throw 'text';\n",
    'undefined $/a.ts threw text | Throw an Error, which has its line.',
  ],
  [
    'a playbook that is not exported',
    "import {playbook} from 'infra';\nconst site = playbook('a', []);\n",
    '2:1 the playbook "site" is not exported | Add: export default site',
  ],
  [
    'no default export',
    'export const a = 1;\n',
    "1:1 the file has no default export | Write: export default playbook('site', [play('web', {hosts: 'web'}, […])])",
  ],
  [
    'a default export that is not a playbook',
    '\nexport default {};\n',
    "2:1 the default export is not a playbook | Write: export default playbook('site', [play('web', {hosts: 'web'}, […])])",
  ],
  [
    'a playbook that is not the default export',
    `${HEAD}export const site = playbook('a', []);\n`,
    '2:1 the playbook "site" is not the default export | Add: export default site',
  ],
  [
    'wrong options of a role',
    `import {defineRole, z} from 'infra';\nconst role = defineRole('web', z.object({port: z.number()}), () => []);\nexport default role({port: 'x' as any});\n`,
    '3:16 role web: the option "port" must be a number, not "x" | Write it without quotes.',
    "export default role({port: 'x' as any});",
  ],
  [
    'a refused task',
    `import {defineTask, sh} from 'infra';\nconst task = defineTask({type: 't', id: () => '', refuse: () => 'no way', probe: () => sh\`true\`, parse: () => null, desire: () => null, change: () => []});\nexport default task({});\n`,
    '3:16 t: no way',
  ],
];

for (const [title, text, expected, excerpt] of CASES) {
  test(`${title} is shown at its place in the playbook, without a stack trace`, async (t) => {
    const root = directory(t, {'a.ts': text});
    const error = await t.throwsAsync(loadPlaybook(join(root, 'a.ts')), {instanceOf: InputError});
    const {message, at, hint, excerpt: shown} = error?.diagnostics[0] ?? {message: ''};
    const place = at && `${at.line}:${at.column}`;
    t.is(`${place} ${message}${hint ? ` | ${hint}` : ''}`, expected.replace('$', root));
    if (at !== undefined) t.is(at.file, join(root, 'a.ts'));
    if (excerpt !== undefined) t.is(shown, excerpt);
  });
}

test('what a playbook throws or gives when it is asked for its plays is shown at its line too', async (t) => {
  const root = directory(t, {
    'a.ts': `${HEAD}export default playbook('a', () => {\n  throw new Error('boo');\n});\n`,
    'b.mjs': `${HEAD}\nexport default playbook('a', 3);\n`,
  });
  const [a, b] = await Promise.all([loadPlaybook(join(root, 'a.ts')), loadPlaybook(join(root, 'b.mjs'))]);
  const thrown = (await t.throwsAsync(async () => a.plays(context), {instanceOf: InputError}))?.diagnostics[0];
  t.like(thrown, {
    message: 'boo',
    at: {file: join(root, 'a.ts'), line: 3, column: 9},
    excerpt: "  throw new Error('boo');",
  });
  t.like((await t.throwsAsync(async () => b.plays(context), {instanceOf: InputError}))?.diagnostics[0], {
    message: 'the playbook does not return a list of plays',
    at: {line: 3},
  });
});

test('a playbook that is not there is answered with those near it', async (t) => {
  const root = directory(t, {'site.ts': '', 'web.ts': ''});
  const error = await t.throwsAsync(loadPlaybook(join(root, 'nix.ts')), {instanceOf: InputError});
  t.is(error?.message, `there is no playbook ${root}/nix.ts`);
  t.regex(error?.diagnostics[0]?.hint ?? '', /The playbooks near it are: .*site\.ts, .*web\.ts/);
  const near = await t.throwsAsync(loadPlaybook(join(root, 'sit.ts')), {instanceOf: InputError});
  t.regex(near?.diagnostics[0]?.hint ?? '', /^Did you mean ".*site\.ts"\?$/);
});

test('faults that already have a place keep it and get their line', (t) => {
  const root = directory(t, {'a.ts': 'one\ntwo\n'});
  const at = {file: join(root, 'a.ts'), line: 2, column: 1};
  t.deepEqual(explainError(new InputError([{message: 'no', at}]), 'b.ts').diagnostics, [
    {message: 'no', at, excerpt: 'two'},
  ]);
});

test('types are checked strictly, and a good playbook is not checked twice', async (t) => {
  const root = directory(t, {
    'good.ts':
      "import {readFileSync} from 'node:fs';\nimport {playbook} from 'infra';\nimport {a} from './lib';\nexport default playbook(a + readFileSync.name, []);\n",
    'lib.ts': "export const a: string = 'a';\n",
    'bad.ts':
      "import {play, playbook} from 'infra';\nexport default playbook('a', [play('x', {host: 'all'}, []), play('y', {hosts: 3}, [])]);\nconst f = (x) => x;\n",
  });
  const cache = join(root, 'cache');
  const {diagnostics} = await checkTypes(join(root, 'bad.ts'), cache);
  t.deepEqual(
    diagnostics.map(({at, message}) => `${at?.line}:${at?.column} ${/TS\d+/.exec(message)?.[0]}`),
    ['2:42 TS2561', '2:72 TS2322', '3:12 TS7006'],
  );
  t.is(diagnostics[0]?.hint, 'Did you mean "hosts"?');
  t.true(diagnostics[0]?.excerpt?.startsWith('export default'));
  const first = await checkTypes(join(root, 'good.ts'), cache);
  t.deepEqual([first.diagnostics, first.skipped], [[], undefined]);
  t.deepEqual(await checkTypes(join(root, 'good.ts'), cache), {diagnostics: [], compiled: first.compiled});
  writeFileSync(join(root, 'lib.ts'), 'export const a: number = 1;\n');
  t.is((await checkTypes(join(root, 'good.ts'), cache)).diagnostics.length, 0);
  writeFileSync(join(root, 'lib.ts'), 'export const b = 1;\n');
  t.regex(
    (await checkTypes(join(root, 'good.ts'), cache)).diagnostics[0]?.message ?? '',
    /no exported member|no export named/,
  );
});

test('the JavaScript that the check leaves is the same playbook, with the lines of the TypeScript', async (t) => {
  const root = directory(t, {
    'site.ts':
      "import {play, playbook} from 'infra';\nimport {name} from './lib/name.ts';\n\ninterface Unused {a: string}\nexport default playbook(name, [\n  play('web', {hosts: 'all'}, []),\n]);\n",
    'lib/name.ts': "export const name: string = 'site';\n",
  });
  const {compiled} = await checkTypes(join(root, 'site.ts'), join(root, 'cache'));
  t.true(compiled?.startsWith(join(root, 'cache')));
  const {name, plays} = await loadPlaybook(join(root, 'site.ts'), compiled);
  t.is(name, 'site');
  t.deepEqual((await plays(context))[0]?.at, {file: join(root, 'site.ts'), line: 6, column: 3});
});

test('a playbook that cannot be loaded as the JavaScript of the check is loaded as it is', async (t) => {
  const root = directory(t, {
    'place.ts': "import {playbook} from 'infra';\nexport default playbook(import.meta.url, []);\n",
    'short.ts': "import {playbook} from 'infra';\nimport {name} from './name';\nexport default playbook(name, []);\n",
    'name.ts': "export const name = 'short';\n",
  });
  const cache = join(root, 'cache');
  const [place, short] = [join(root, 'place.ts'), join(root, 'short.ts')];
  t.is((await checkTypes(place, cache)).compiled, undefined);
  t.is((await loadPlaybook(place)).name, pathToFileURL(place).href);
  t.is((await loadPlaybook(short, (await checkTypes(short, cache)).compiled)).name, 'short');
});
