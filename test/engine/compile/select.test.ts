import test from 'ava';
import type {TaskList} from '../../../src/engine/compile/compile.js';
import {checkTags, findStart, isAskedFor, type Selection, selectTasks} from '../../../src/engine/compile/select.js';
import {InputError, type Task} from '../../../src/model/index.js';
import {sh} from '../../../src/shell/index.js';

/** A task `thing ID`. */
function thing(id: string, more: Partial<Task> = {}): Task {
  const open = () => ({probe: sh`true`, judge: () => ({type: 'unchanged' as const})});
  const plain = {type: 'thing', id, notify: [], affects: [], needs: [], always: false, at: undefined};
  return {...plain, open, ...more};
}

const list = (name: string, ...tasks: Task[]): TaskList => ({name, needs: [], tasks});
const ORDER = ['base', 'web', 'last'];

function chosen(
  lists: readonly TaskList[],
  selection: Selection,
  startPlay?: string,
  leads: readonly string[] = ORDER,
) {
  const selected = selectTasks(lists, selection, {startPlay, leads}, ORDER);
  return selected.map(({tasks}) => tasks.map(({id}) => id).join(''));
}

const asked = (tags: readonly string[], selection: Selection) => isAskedFor(tags, selection);

test('without tags asked for, everything runs but what is tagged never', (t) => {
  t.true(asked([], {}));
  t.true(asked(['web'], {}));
  t.false(asked(['never', 'reset'], {}));
});

test('tags choose tasks that bear one of them, and those tagged always', (t) => {
  t.true(asked(['web', 'conf'], {tags: ['conf']}));
  t.false(asked(['web'], {tags: ['conf']}));
  t.false(asked([], {tags: ['conf']}));
  t.true(asked(['always'], {tags: ['conf']}));
  t.true(asked(['never', 'reset'], {tags: ['reset']}));
});

test('all, tagged and untagged are words of their own', (t) => {
  t.true(asked([], {tags: ['untagged']}));
  t.false(asked(['web'], {tags: ['untagged']}));
  t.true(asked(['web'], {tags: ['tagged']}));
  t.false(asked([], {tags: ['tagged']}));
  t.false(asked(['never'], {tags: ['all']}));
  t.false(asked(['never', 'web'], {tags: ['tagged']}));
});

test('what is to be skipped is skipped even if asked for; always only by its name', (t) => {
  t.false(asked(['web', 'slow'], {tags: ['web'], skipTags: ['slow']}));
  t.false(asked(['web'], {skipTags: ['tagged']}));
  t.false(asked([], {skipTags: ['untagged']}));
  t.true(asked(['always'], {skipTags: ['all']}));
  t.false(asked(['always'], {skipTags: ['all', 'always']}));
  t.false(asked(['web'], {skipTags: ['all']}));
});

test('a run that starts at a task leaves out what is before it, and earlier plays', (t) => {
  const lists = [list('base', thing('a')), list('web', thing('b'), thing('c'), thing('d')), list('last', thing('e'))];
  t.deepEqual(chosen(lists, {startAt: 'thing c'}, 'web'), ['', 'cd', 'e']);
  t.deepEqual(chosen([list('base', thing('a')), list('last', thing('e'))], {startAt: 'c'}, 'web'), ['', 'e']);
});

test('a start is found by label, type and id, id or glob, in the first play that has it', (t) => {
  const host = [list('web', thing('b', {label: 'the page'})), list('last', thing('b'))];
  for (const name of ['the page', 'thing b', 'b', 'the*', 'thing ?']) t.is(findStart(name, [host], ORDER), 'web', name);
  t.throws(() => findStart('thing x', [host], ORDER), {instanceOf: InputError, message: /thing x/});
});

test('a condition that is false, and runOnce on another host, leave a task out and say why', (t) => {
  const lists = [list('web', thing('a', {when: false}), thing('b', {runOnce: true}), thing('c'))];
  t.deepEqual(chosen(lists, {}), ['bc']);
  t.deepEqual(chosen(lists, {}, undefined, []), ['c']);
  const [first] = selectTasks(lists, {}, {startPlay: undefined, leads: []}, ORDER);
  t.deepEqual(
    first?.skipped?.map(({task, because}) => `${task.id} ${because}`),
    ['a when', 'b run-once'],
  );
});

test('a tag that no task bears is an error, with the one that was meant', (t) => {
  const tasks = [thing('a', {tags: ['config']})];
  const error = t.throws(() => checkTags({tags: ['confg', 'always']}, tasks), {instanceOf: InputError});
  t.is(error?.diagnostics.length, 1);
  t.regex(String(error?.diagnostics[0]?.hint), /config/);
  t.notThrows(() => checkTags({tags: ['config'], skipTags: ['never', 'all']}, tasks));
});
