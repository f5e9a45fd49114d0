import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {compileHost} from '../../src/engine/compile/compile.js';
import * as infra from '../../src/index.js';
import {type Host, InputError, type PlaybookContext} from '../../src/model/index.js';
import {loadPlaybook} from '../../src/playbooks/index.js';
import {Secret} from '../../src/shell/index.js';

const host: Host = {name: 'web1', address: '127.0.0.1', groups: ['web'], vars: {}, at: undefined} as unknown as Host;

const inventory: PlaybookContext['inventory'] = {
  file: '/inventory.yml',
  files: ['/inventory.yml'],
  hosts: [host],
  groups: new Map([['web', [host]]]),
};

const context: PlaybookContext = {
  secret: (name) => new Secret(name),
  inventory,
  authority: () => Promise.reject(new Error('no authority here')),
  recipients: async () => [],
};

/** Items of a play in JavaScript, and what is said of them: `line:column message | hint`. */
const CASES: readonly (readonly [title: string, items: string, fault: string])[] = [
  [
    'a misspelt option behind a spread',
    "[file({...common, path: '/a', moed: '0600'})]",
    '4:50 file: there is no option "moed" | Did you mean "mode"?',
  ],
  [
    'a mapped list of wrong things',
    "['/a', '/b'].map(file)",
    "4:62 file: its options must be an object, not text | Write file({path: '/etc/app.conf'}).",
  ],
  [
    'a handler as text',
    "[apt('nginx', {notify: 'reload nginx'})]",
    "4:50 apt, second argument: the option \"notify\" must be a handler or a list, not text | Write notify: reload('nginx') or notify: restart('nginx').",
  ],
  [
    'a condition as text',
    "[apt({packages: 'nginx', when: 'false'})]",
    '4:50 apt: the option "when" must be true or false, not "false" | Write true or false, without quotes.',
  ],
  [
    'yes or no as text',
    "[service({name: 'nginx', enabled: 'no'})]",
    '4:50 service: the option "enabled" must be true, false or "any", not "no" | Write true or false, without quotes.',
  ],
  [
    'a condition that gives no task',
    "[false && apt('nginx')]",
    '4:3 play "web": item 1 is false, which is neither a task nor a role | Write ...(condition ? [task] : []).',
  ],
  [
    'options of a second object',
    "[file({path: '/a', content: ''}, {tags: 'x'})]",
    '4:50 file takes one object with all its options | Put them together: {...one, ...other}.',
  ],
  [
    'a misspelt option of a role',
    "[nginx({}, {tag: 'x'})]",
    '4:50 role nginx, second argument: there is no option "tag" | Did you mean "tags"?',
  ],
  [
    'a role that is not called',
    '[haproxy()]',
    "4:50 role haproxy: its options must be an object, not undefined | Write haproxy({backend: 'web'}).",
  ],
  [
    'a function that gives no list',
    "[() => 'nginx']",
    '4:3 a function of the host: there must be a list of tasks and roles, not text | Put them in brackets: […].',
  ],
  [
    'a wrong option in a function of the host',
    "[({host}) => [file({path: host.name, contents: ''})]]",
    '4:63 file: there is no option "contents" | Did you mean "content"?',
  ],
];

for (const [title, items, expected] of CASES) {
  test(`in JavaScript, ${title} is refused at its line`, async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'infra-javascript-'));
    t.teardown(() => rmSync(root, {recursive: true}));
    const file = join(root, 'site.mjs');
    const names = 'apt, file, haproxy, nginx, play, playbook, service';
    writeFileSync(
      file,
      `import {${names}} from 'infra';\nconst common = {owner: 'root'};\nexport default playbook('site', () => [\n  play('web', {hosts: 'web', tags: ['a', 'b']}, ${items}),\n]);\n`,
    );
    const {plays} = await loadPlaybook(file);
    const compile = async () => {
      const known = {host, facts: {}, inventory, group: () => [], factsOf: () => ({})} as unknown as Parameters<
        typeof compileHost
      >[1];
      compileHost(await plays(context), known);
    };
    const error = await t.throwsAsync(compile, {instanceOf: InputError});
    const {message, at, hint} = error?.diagnostics[0] ?? {message: ''};
    t.is(`${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`, expected);
    t.is(at?.file, file);
  });
}

test('each wrong line says what is wrong with the next step when it runs, without the compiler', (t) => {
  const blocks = readFileSync('test/playbooks/wrong-lines/run.txt', 'utf8').trim().split('\n\n');
  t.true(blocks.length >= 90, `${blocks.length} cases`);
  for (const block of blocks) {
    const [line = '', ...expected] = block.split('\n');
    const run = new Function(...Object.keys(infra), `return play('p', {hosts: 'web'}, [${line}]);`);
    const error = t.throws(() => run(...Object.values(infra)), undefined, line);
    const faults = error instanceof InputError ? error.diagnostics : [error];
    t.deepEqual(
      faults.flatMap((each) => [each?.message, each instanceof Object && 'hint' in each ? each.hint : '']),
      expected,
      line,
    );
  }
});
