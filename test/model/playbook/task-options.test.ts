import test from 'ava';
import {z} from 'zod';
import {InputError} from '../../../src/model/diagnostic.js';
import {readTaskOptions} from '../../../src/model/playbook/read-task-options.js';
import {controlOf, type TaskOptions} from '../../../src/model/playbook/task-options.js';
import {sh} from '../../../src/shell/index.js';

const AT = {file: '/site.ts', line: 3, column: 5};
const CALLED = {what: 'thing', at: AT};

const SCHEMA = z.strictObject({name: z.string(), size: z.number().default(1)});

const read = (written: object, ...more: readonly unknown[]) =>
  // The options are those of JavaScript, of no type.
  readTaskOptions(SCHEMA, [written as {name: string} & TaskOptions, ...more], CALLED);

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({message, hint, at}) => `${at === AT ? '' : 'elsewhere: '}${message} | ${hint}`);
  }
}

test('the options of the type and those of every task are taken apart, with the defaults of the type', (t) => {
  const notify = {id: 'reload', command: sh`reload`};
  t.deepEqual(read({name: 'x', label: 'the x', notify, when: false}), {
    spec: {name: 'x', size: 1},
    common: {label: 'the x', notify, when: false},
  });
  t.deepEqual(read({name: 'x'}), {spec: {name: 'x', size: 1}, common: {}});
});

test('an option that the type has of its own is that of the type', (t) => {
  const own = z.strictObject({timeout: z.string()});
  // A task type may have an option of that name with another type.
  const written = {timeout: '5m', delay: 1} as unknown as {timeout: string} & TaskOptions;
  t.deepEqual(readTaskOptions(own, [written], CALLED), {spec: {timeout: '5m'}, common: {delay: 1}});
});

const NUMBERS: readonly (readonly [string, unknown, boolean])[] = [
  ['retries', 0, true],
  ['retries', 3, true],
  ['retries', -1, false],
  ['retries', 1.5, false],
  ['delay', 0, true],
  ['delay', 0.5, true],
  ['delay', -1, false],
  ['timeout', 0.5, true],
  ['timeout', 0, false],
  ['timeout', '60', false],
  ['when', 'yes', false],
  ['when', undefined, true],
  ['runOnce', true, true],
  ['until', 'ok', false],
  ['delegateTo', ['lb1'], false],
  ['notify', [], true],
  ['notify', {command: 'true'}, false],
];

for (const [name, value, isTaken] of NUMBERS) {
  test(`the option ${name}: ${JSON.stringify(value)} is ${isTaken ? 'taken' : 'refused'}`, (t) =>
    t.is(faultsOf(() => read({name: 'x', [name]: value})).length > 0, !isTaken));
}

test('what is wrong in both kinds of options is reported at once, at the line of the playbook', (t) => {
  t.deepEqual(
    faultsOf(() => read({name: 4, labl: 'x', retries: -1})).map((fault) => fault.replace(/ \|.*/, '')),
    [
      'thing: option name: Invalid input: expected string, received number',
      'thing: there is no option "labl"',
      'thing: the option "retries" must be a whole number from 0 on, not -1',
    ],
  );
});

test('a second argument is refused, unless a list was mapped', (t) => {
  t.deepEqual(
    faultsOf(() => read({name: 'x'}, {when: false})),
    ['thing takes one object with all its options | Put them together: {...one, ...other}.'],
  );
  const list = [{name: 'x'}, {name: 'y'}];
  t.notThrows(() => list.map((each, ...more) => read(each, ...more)));
  t.notThrows(() => read({name: 'x'}, undefined));
});

test('a text in place of the options is refused with the first option to write', (t) => {
  t.deepEqual(
    faultsOf(() => read('nginx' as unknown as object)),
    ['thing: its options must be an object, not text | Write thing({name: …}).'],
  );
});

test('a change that must come true is tried three times again, unless the playbook says how often', (t) => {
  const until = () => true;
  const retries = (options: TaskOptions) => controlOf(options).retries;
  t.deepEqual([{}, {until}, {until, retries: 0}, {until, retries: 7}, {retries: 2}].map(retries), [
    undefined,
    3,
    0,
    7,
    2,
  ]);
});

test('tags are always a list', (t) => {
  const tags = (options: TaskOptions) => controlOf(options).tags;
  t.deepEqual([{}, {tags: 'a'}, {tags: ['a', 'b']}, {tags: []}].map(tags), [[], ['a'], ['a', 'b'], []]);
});
