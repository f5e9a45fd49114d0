import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';

/** Which directory of src/ may import which others. A file in src/ itself is its own directory. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shell: [],
  model: ['shell'],
  // What differs, as data: engine, plans and records make it or check it, renderers draw it.
  diff: ['model', 'shell'],
  local: ['shell'],
  inventory: ['model', 'shell', 'local'],
  facts: ['model', 'shell'],
  templates: ['model', 'shell', 'local'],
  secrets: ['model', 'shell', 'local'],
  authority: ['model', 'shell', 'local'],
  records: ['model', 'shell', 'local', 'diff'],
  transport: ['model', 'shell', 'local'],
  renderers: ['model', 'shell', 'local'],
  playbooks: ['model', 'shell', 'local'],
  plans: ['model', 'shell', 'local', 'diff'],
  tasks: ['model', 'shell', 'templates'],
  // What is known about database servers, as values; commands act on it.
  database: ['model', 'shell', 'tasks'],
  engine: ['model', 'shell', 'local', 'diff', 'transport', 'facts'],
  roles: ['model', 'shell', 'tasks'],
  lab: ['model', 'shell', 'local'],
  project: ['model', 'shell', 'local'],
  survey: ['model', 'shell', 'local', 'transport', 'facts', 'project'],
  wizard: ['model', 'shell', 'local', 'inventory', 'project', 'survey'],
  // What several commands work with: a console, the user's files as one value, saved plans.
  session: [
    ...['shell', 'model', 'local', 'inventory', 'facts', 'secrets', 'records', 'transport', 'renderers'],
    ...['authority', 'playbooks', 'diff', 'plans', 'tasks', 'engine'],
  ],
  commands: [
    ...['shell', 'model', 'local', 'inventory', 'facts', 'templates', 'secrets', 'records', 'transport', 'renderers'],
    ...['authority', 'playbooks', 'diff', 'plans', 'tasks', 'database', 'engine', 'roles', 'lab'],
    ...['project', 'survey', 'wizard', 'session'],
  ],
  'cli.ts': ['commands', 'session', 'model', 'local'],
  'index.ts': ['shell', 'model', 'tasks', 'roles'],
};

/** Where `Date.now()` stands for the time of day: compared with a server's clock, or with the date of a file. */
const TELLS_TIME = ['survey/survey.ts', 'playbooks/compiled.ts'];

/** Files and directories besides `cli.ts` and `local/` that use the globals of the process, and what for. */
const USES_PROCESS: Readonly<Record<string, string>> = {
  'lab/machine/process.ts': 'ends what the lab has started',
  'lab/machine/run.ts': 'gives programs of this machine the environment of infra with one variable more',
  'playbooks/load.ts': 'has Node read source maps, for the lines of a playbook',
  'playbooks/register.ts': 'has Node read source maps, for the lines of a playbook',
};

/** Files of its own that a directory may have; those of directories in it do not count. */
const MOST_FILES = 25;

const MOST_LINES = 200;
const MEDIAN_LINES = 100;
const MOST_FUNCTION_LINES = 40;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources = readdirSync('src', {recursive: true, encoding: 'utf8'})
  .filter((file) => file.endsWith('.ts'))
  .map((file): Source => {
    const text = readFileSync(path.join('src', file), 'utf8');
    return {file, text, imports: importsOf(file, text)};
  });

test('every directory imports only what the table of layers allows', (t) => {
  const upward = sources.flatMap(({file, imports}) =>
    imports
      .filter((target) => directoryOf(target) !== directoryOf(file))
      .filter((target) => !MAY_IMPORT[directoryOf(file)]?.includes(directoryOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  t.deepEqual(upward, []);
});

test('every directory of src stands in the table of layers', (t) => {
  const directories = [...new Set(sources.map(({file}) => directoryOf(file)))];
  t.deepEqual(
    directories.filter((directory) => !(directory in MAY_IMPORT)),
    [],
  );
});

test('only session/transport.ts names a member of the family of transports, and no member another', (t) => {
  const member = (file: string) => /^transport\/(\w+)\//.exec(file)?.[1];
  const named = sources.flatMap(({file, imports, text}) => {
    const members = imports.filter((target) => member(target) !== undefined && member(target) !== member(file));
    const libraries = member(file) === 'ssh2' ? [] : (text.match(/from '(node-ssh|ssh2)'/g) ?? []);
    return [...members, ...libraries].map((target) => `${file} imports ${target}`);
  });
  // To parse a private key is not to reach a host.
  const allowed = ['session/transport.ts imports transport/ssh2/index.ts', "survey/login-keys.ts imports from 'ssh2'"];
  t.deepEqual(named.sort(), allowed);
});

test('docs/architecture.md has the same table', (t) => {
  const rows = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| `(\w+)\/` \| .* \| (.*) \|$/gm)];
  const told = Object.fromEntries(
    rows.map(([, directory, imports = '']) => [directory, imports === '–' ? [] : imports.split(', ')]),
  );
  for (const [directory, imports] of Object.entries(MAY_IMPORT)) {
    if (directory.endsWith('.ts') || ['session', 'commands'].includes(directory)) continue;
    t.deepEqual(told[directory]?.toSorted(), [...imports].sort(), directory);
  }
});

test('no directory is a heap', (t) => {
  const directories = sources.map(({file}) => path.dirname(file));
  const heaps = directories.filter((directory) => directories.filter((each) => each === directory).length > MOST_FILES);
  t.deepEqual([...new Set(heaps)], []);
});

/** Commands that end in another one: `apply --check` is a plan, and `init` shows the first one. */
const CONTINUES: readonly string[] = [
  'commands/apply/command.ts imports commands/plan/run.ts',
  'commands/init/end.ts imports commands/plan/run.ts',
];

test('no command is a library of another one', (t) => {
  const nounOf = (file: string) => file.split(path.sep).slice(0, 2).join('/');
  const found = sources.flatMap(({file, imports}) =>
    imports
      .filter((target) => directoryOf(file) === 'commands' && directoryOf(target) === 'commands')
      .filter((target) => nounOf(target) !== nounOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  t.deepEqual(found.sort(), CONTINUES);
});

test('no file imports itself by way of others', (t) => {
  const graph = new Map(sources.map(({file, imports}) => [file, imports]));
  const cycles = sources.flatMap(({file}) => (reaches(graph, file, file) ? [file] : []));
  t.deepEqual(cycles, []);
});

test('files are short', (t) => {
  const lengths = sources.map(({file, text}) => ({file, lines: text.split('\n').length - 1}));
  t.deepEqual(
    lengths.filter(({lines}) => lines > MOST_LINES),
    [],
  );
  const sorted = lengths.map(({lines}) => lines).sort((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  t.true(median <= MEDIAN_LINES, `the median file has ${median} lines`);
});

test('functions are short', (t) => {
  const long = sources.flatMap(({file, text}) => longFunctions(text).map((at) => `${file}:${at}`));
  t.deepEqual(long, []);
});

test('a name of a type means one thing', (t) => {
  const names = sources.flatMap(({text}) =>
    [...text.matchAll(/^export (?:abstract )?(?:interface|type|class|enum) (\w+)/gm)].map(([, name = '']) => name),
  );
  t.true(names.length > 400, `${names.length} names`);
  t.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('the type checker is never silenced', (t) => {
  const silenced = sources.filter(({text}) => /@ts-(ignore|nocheck|expect-error)|biome-ignore/.test(text));
  t.deepEqual(
    silenced.map(({file}) => file),
    [],
  );
});

test('nothing is locked by a name in the abstract socket space, which every local user can take', (t) => {
  const found = sources.filter(({text}) => /[`']\\0infra|listen\([`']\\0/.test(text));
  t.deepEqual(
    found.map(({file}) => file),
    [],
  );
});

test('durations do not follow the clock of the wall, which may be set while they last', (t) => {
  const found = sources.filter(({text}) => text.includes('Date.now')).map(({file}) => file);
  t.deepEqual(
    found.filter((file) => !TELLS_TIME.includes(file)),
    [],
  );
});

test('what the process brings comes in a Project: its globals are used in few places', (t) => {
  const found = sources.filter(({text}) => usesProcess(text)).map(({file}) => file);
  const allowed = ['cli.ts', 'local/', ...Object.keys(USES_PROCESS)];
  t.deepEqual(
    found.filter((file) => !allowed.some((place) => file.startsWith(place))),
    [],
  );
  t.deepEqual(
    allowed.filter((place) => !found.some((file) => file.startsWith(place))),
    [],
  );
});

/** `process` itself, neither a property of something else nor a word of a comment. */
function usesProcess(text: string): boolean {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return /(?:^|[^\w.'/-]|\.\.\.)process\.\w|[=(] ?process\b|node:process|globalThis/m.test(code);
}

function importsOf(file: string, text: string): string[] {
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...specifiers].map(([, specifier = '']) => path.join(path.dirname(file), specifier.replace(/\.js$/, '.ts')));
}

function directoryOf(file: string): string {
  return file.split(path.sep)[0] ?? file;
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, wanted: string): boolean {
  const seen = new Set<string>();
  const queue = [...(graph.get(from) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === wanted) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(graph.get(next) ?? []));
  }
  return false;
}

/** First lines of functions and methods whose closing brace, at the same indentation, is more than the limit away. */
function longFunctions(text: string): number[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const indent = /^(\s*)(?:export |async |static |default )*(?:function\b.*\{|#?\w+\(.*\)(?:: .*)? \{)$/.exec(
      line,
    )?.[1];
    if (indent === undefined || /^\s*(?:if|for|while|switch|return)\b/.test(line)) return [];
    const end = lines.findIndex((other, at) => at > index && other.startsWith(`${indent}}`));
    return end - index > MOST_FUNCTION_LINES ? [index + 1] : [];
  });
}
