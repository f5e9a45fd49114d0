import test from 'ava';
import {z} from 'zod';
import {InputError} from '../../../src/model/diagnostic.js';
import {defineRole} from '../../../src/model/playbook/define-role.js';
import {defineTask} from '../../../src/model/playbook/define-task.js';
import {checkItems, itemsOf} from '../../../src/model/playbook/items.js';
import {listens} from '../../../src/model/playbook/listening.js';
import {sh} from '../../../src/shell/index.js';

const AT = {file: '/site.ts', line: 3, column: 5};
const CALLED = {what: 'play "web"', at: AT};

const task = defineTask<{name: string}, object>({
  type: 'thing',
  id: ({name}) => name,
  probe: () => sh`true`,
  parse: () => ({}),
  desire: () => ({}),
  change: () => [],
})({name: 'x'});
const role = defineRole('motd', z.strictObject({}), () => task)();
const handler = {id: 'reload nginx', command: sh`true`};
const play = {name: 'web', items: []};

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({message, hint, at}) => {
      return `${at === AT ? '' : 'elsewhere: '}${message}${hint === undefined ? '' : ` | ${hint}`}`;
    });
  }
}

test('tasks, roles, functions, ports that are listened on and lists of them are taken, and come back as they are', (t) => {
  const listening = listens({tcp: 80, from: 'any', because: 'clients'});
  const items = [task, role, () => [task], listening, [], [task, [role]]];
  t.is(checkItems(items, CALLED), items);
});

const LISTS: readonly (readonly [unknown, string])[] = [
  [task, 'a task | Put it in brackets: […].'],
  [role, 'a role | Put it in brackets: […].'],
  [undefined, 'undefined | Write ...(condition ? [task] : []).'],
  [handler, 'a handler | A task names its handlers: notify: reload(…).'],
  [play, 'a play | Put the play next to other plays, not into one.'],
  [Promise.resolve([]), 'a promise | Add await before it.'],
  ['x', 'text | Put them in brackets: […].'],
  [{0: task}, 'an object | Put them in brackets: […].'],
];

for (const [value, kind] of LISTS) {
  test(`in place of a list, ${kind.replace(/ \|.*/, '')} is refused`, (t) => {
    const fault = `play "web": there must be a list of tasks and roles, not ${kind}`;
    t.deepEqual(
      faultsOf(() => checkItems(value, CALLED)),
      [fault],
    );
  });
}

test('an item in a list of lists is named by its place in each of them, from 1', (t) => {
  const neither = 'is a number, which is neither a task nor a role';
  t.deepEqual(
    faultsOf(() => checkItems([task, [role, [task, 4]], [[[5]]]], CALLED)),
    [`play "web": item 2.2.2 ${neither}`, `play "web": item 3.1.1.1 ${neither}`],
  );
});

test('one task is a list of one, a list stays what it is, and anything else is refused', (t) => {
  t.deepEqual(itemsOf(task, CALLED), [task]);
  const list = [task, task];
  t.is(itemsOf(list, CALLED), list);
  t.deepEqual(itemsOf([], CALLED), []);
  t.is(faultsOf(() => itemsOf(undefined, CALLED)).length, 1);
});
