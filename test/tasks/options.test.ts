import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {type Diagnostic, InputError, type Task} from '../../src/model/index.js';
import {Secret, sh} from '../../src/shell/index.js';
import * as tasks from '../../src/tasks/index.js';
import {caseTags} from './case-tags.js';

type Constructor = (...given: unknown[]) => Task;

const CASES = 'test/tasks/cases';

/** What a task type takes, for those that have no cases as data. */
const OWN: Readonly<Record<string, object>> = {
  apt: {packages: ['nginx'], state: 'latest', recommends: false, cacheMaxAge: 60, lockTimeout: 300},
  certificate: {path: '/etc/x.pem', names: ['x'], from: {certificate: '', key: new Secret('')}, days: 30},
  guardedFile: {path: '/etc/x', name: 'x', content: '', activate: sh`true`, validate: () => sh`true`},
};

/** Functions that give a task only with a host, or change one, and handlers. */
const NO_TASKS = ['onlyWhere', 'packages', 'reload', 'reloadTls', 'restart', 'restartServer', 'transferKey'];

/** Every task type that this package exports, with options that are right: as many as any of its cases has. */
const TYPES = Object.entries(tasks)
  .filter(([name, each]) => typeof each === 'function' && !NO_TASKS.includes(name))
  // Which options a constructor takes is what is tested.
  .map(([name, each]) => ({name, construct: each as unknown as Constructor, right: rightOptions(name)}));

function rightOptions(name: string): object {
  const own = OWN[name];
  if (own !== undefined) return own;
  const files = readdirSync(join(CASES, name)).filter((file) => file.endsWith('.yaml') && !file.startsWith('refuse'));
  const specs = files.map((file) => parse(readFileSync(join(CASES, name, file), 'utf8'), {customTags: caseTags}));
  const usable = specs.filter(({refuse}) => refuse === undefined).map(({spec}): object => Object(spec));
  const longest = usable.toSorted((one, other) => Object.keys(other).length - Object.keys(one).length)[0];
  if (longest === undefined) throw new Error(`no case of ${name} is right`);
  return longest;
}

function faultsOf(act: () => unknown): readonly Diagnostic[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
}

const handler = {id: 'reload x', command: sh`true`};

const COMMON = {
  notify: [handler],
  label: 'a label',
  tags: ['one', 'two'],
  when: true,
  retries: 2,
  delay: 0.5,
  until: () => true,
  timeout: 60,
  ignoreErrors: false,
  runOnce: true,
  delegateTo: 'db1',
};

/** Of each common option, what JavaScript lets pass and types do not. */
const WRONG: readonly (readonly [option: keyof typeof COMMON, value: unknown, message: string])[] = [
  ['notify', 'reload nginx', 'a handler or a list, not text'],
  ['notify', tasks.reload, 'a handler or a list, not a function'],
  ['label', 3, 'text, not a number'],
  ['tags', 3, 'text or a list, not a number'],
  ['when', 'false', 'true or false, not "false"'],
  ['when', undefined, ''],
  ['retries', '3', 'a whole number from 0 on, not "3"'],
  ['retries', 1.5, 'a whole number from 0 on, not 1.5'],
  ['delay', -1, 'a number of seconds, not -1'],
  ['until', 'done', 'a function, not text'],
  ['timeout', 0, 'a number of seconds above 0, not 0'],
  ['ignoreErrors', 'no', 'true or false, not "no"'],
  ['runOnce', null, 'true or false, not null'],
  ['delegateTo', handler, 'text, not an object'],
];

for (const {name, construct, right} of TYPES) {
  test(`${name} takes its options and those of every task`, (t) => {
    t.like(construct({...right, ...COMMON}), {type: name, label: 'a label', notify: [handler], retries: 2});
    t.is(construct({...right}, 0, [right]).type, name, 'as a list that is mapped calls it');
  });

  test(`${name} refuses an option that it does not know, and names the nearest`, (t) => {
    const [fault, ...others] = faultsOf(() => construct({...right, notfy: handler}));
    t.deepEqual([fault?.message, fault?.hint], [`${name}: there is no option "notfy"`, 'Did you mean "notify"?']);
    t.deepEqual(others, []);
    t.regex(fault?.at?.file ?? '', /options\.test/);
  });

  test(`${name} refuses common options of a wrong type`, (t) => {
    for (const [option, value, must] of WRONG) {
      const expected = must === '' ? [] : [`${name}: the option "${option}" must be ${must}`];
      const faults = faultsOf(() => construct({...right, [option]: value}));
      t.deepEqual(
        faults.map(({message}) => message),
        expected,
      );
    }
  });

  test(`${name} refuses each of its own options with a value that is of no type`, (t) => {
    t.plan(Object.keys(right).length + 1);
    t.is(faultsOf(() => construct(right)).length, 0);
    for (const option of Object.keys(right)) {
      const [fault] = faultsOf(() => construct({...right, [option]: Symbol('x')}));
      t.regex(fault?.message ?? '', new RegExp(`^${name}: the option "${option}" must be .*, not a symbol$`));
    }
  });

  test(`${name} refuses what is not an object of options, and options next to it`, (t) => {
    for (const wrong of [undefined, null, 3, true, ...(name === 'apt' ? [] : ['/etc/motd', ['/etc/motd']])]) {
      t.is(faultsOf(() => construct(wrong, 0, [wrong])).length, 1, String(wrong));
    }
    const wrong = name === 'apt' ? {tag: 'x'} : {tags: 'x'};
    t.is(faultsOf(() => construct(right, wrong)).length, 1);
  });
}

test('options that are missing are named, all at once', (t) => {
  const construct: Constructor = Object(tasks).template;
  t.deepEqual(
    faultsOf(() => construct({mode: 600, pth: '/etc/motd'})).map(({message, hint}) => `${message} | ${hint}`),
    [
      'template: there is no option "pth" | Did you mean "path"?',
      'template: the option "path" is missing | Write path: \'/etc/app.conf\'.',
      'template: the option "source" is missing | Write source: \'app.conf.ejs\'.',
      'template: the option "mode" must be text such as \'0644\', not a number | Put it in quotes: as a number, 644 and 0o644 are two different modes.',
    ],
  );
});

test('what is wrong inside an option is reported with its place', (t) => {
  const faults = [
    () =>
      tasks.sysctlFile(
        Object({
          path: '/etc/sysctl.d/x.conf',
          settings: [
            {name: 'a.b', value: 1},
            {nam: 'a', value: []},
          ],
        }),
      ),
    () => tasks.mysqlUser(Object({name: 'x', hosts: 'web', grants: {'app.*': 'SELECT'}})),
    () => tasks.file(Object({path: '/etc/x', notify: [{id: 'x', command: 'true', recovr: sh`true`}]})),
    () => tasks.apt(Object(['nginx', 3])),
    () => tasks.command(Object({command: 'x', env: {A: 1}})),
  ].flatMap((act) => faultsOf(act).map(({message}) => message));
  t.deepEqual(faults, [
    'sysctlFile: in "settings[1]" there is no option "nam"',
    'sysctlFile: the option "settings[1].name" is missing',
    'sysctlFile: the option "settings[1].value" must be text or a number, not a list',
    'mysqlUser: the option "hosts" must be a list, not text',
    'mysqlUser: the option "grants.app.*" must be a list, not text',
    'file: in "notify[0]" there is no option "recovr"',
    'file: the option "notify[0].command" must be a command, not text',
    'apt: the option "packages[1]" must be text, not a number',
    'command: the option "env.A" must be text or a secret, not a number',
  ]);
});

test('a value that may be secret is never shown', (t) => {
  const wrong = Object({name: 'x', hosts: ['%'], password: 'hunter2'});
  t.deepEqual(
    faultsOf(() => tasks.mysqlUser(wrong)).map(({message}) => message),
    ['mysqlUser: the option "password" must be a secret, not text'],
  );
});

test('handlers and conditions are checked too', (t) => {
  const service = tasks.service({name: 'nginx'});
  const faults = [
    () => tasks.reload(JSON.parse('null')),
    () => tasks.restart(JSON.parse('3')),
    () => tasks.onlyWhere(JSON.parse('"true"'), service),
    () => tasks.onlyWhere(sh`true`, Object(tasks.service)),
  ].flatMap((act) => faultsOf(act).map(({message}) => message));
  t.deepEqual(faults, [
    'reload: the option "unit" must be text, not null',
    'restart: the option "unit" must be text, not a number',
    'onlyWhere: the option "condition" must be a command, not text',
    'onlyWhere: the option "task" must be a task, not a function',
  ]);
  t.deepEqual(
    ['nginx', 'haproxy'].map(tasks.reload).map(({id}) => id),
    ['reload nginx', 'reload haproxy'],
  );
});

test('secrets, bytes, commands, functions and patterns are taken', (t) => {
  const secret = new Secret('x');
  t.notThrows(() => [
    tasks.file({path: '/a', content: secret, validate: (path) => sh`test -f ${path}`}),
    tasks.file({path: '/a', content: Buffer.from('x')}),
    tasks.file({path: '/a', content: new Uint8Array(2), mode: undefined, notify: []}),
    tasks.template({path: '/a', source: 'a.ejs', vars: {secret, list: [], call: () => 1}}),
    tasks.line({path: '/a', line: secret, match: /x/, insertAfter: 'EOF'}),
    tasks.block({path: '/a', name: 'x', block: secret, insertBefore: /x/g}),
    tasks.command({command: sh`a ${secret}`, unless: 'true', env: {A: secret}}),
    tasks.service({name: 'x', enabled: 'any', running: false, ports: [80]}),
    tasks.sysctl({name: 'a.b', value: 1}),
  ]);
});
