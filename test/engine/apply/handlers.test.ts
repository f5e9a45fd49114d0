import {readFileSync, writeFileSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {DueHandlers} from '../../../src/engine/apply/handlers.js';
import {runScript} from '../../../src/engine/apply/script.js';
import {type Handler, HostError} from '../../../src/model/index.js';
import {raw, sh} from '../../../src/shell/index.js';
import {file} from '../../../src/tasks/index.js';
import {applyHere, directory, rootTest} from '../here.js';
import {handler, handles, progressOver, type RecordedAnswers, reads, sets, stepsFor, thing, told} from '../scene.js';

const FILE = {path: '/etc/a', follow: false};

/** A play whose tasks rewrite /etc/a and notify a handler that fails; then the answers to what is done about it. */
async function failing(answers: RecordedAnswers, delegateTo?: string) {
  const scene = await progressOver({
    items: [thing({name: 'a', restores: FILE, notify: handler('h'), ...(delegateTo && {delegateTo})})],
    limit: ['h1'],
    answers: {
      h1: [reads('a', 'old'), sets('a'), handles('h', {code: 1, stderr: 'bad', times: 1}), ...answers],
      other: [reads('a', 'old')],
    },
  });
  const handlers = new DueHandlers();
  const [change] = stepsFor(scene.entries);
  if (!change) throw new Error('no step');
  const steps = delegateTo ? [] : [change];
  if (delegateTo && change.type === 'change') handlers.notifiedBy(change.entry.open.task);
  const all = [...steps, {type: 'handler', handler: handler('h')} as const];
  const running = handlers.guard(scene.progress, 'play', all, () => runScript(scene.progress, 'play', all));
  const error: unknown = await running.catch((thrown: unknown) => thrown);
  if (!(error instanceof HostError)) throw error;
  return {...scene, failure: error.failure, handlers};
}

test('handlers are due once each, in the order in which they were notified, until they have run', (t) => {
  const handlers = new DueHandlers([handler('left')]);
  const [one, two] = [
    thing({name: 'a', notify: [handler('x'), handler('left')]}),
    thing({name: 'b', notify: handler('x')}),
  ];
  handlers.notifiedBy(one);
  handlers.notifiedBy(two);
  t.deepEqual(
    handlers.due.map(({id}) => id),
    ['left', 'x'],
  );
  handlers.ranOnce(handler('left'));
  handlers.ranOnce(handler('nobody'));
  t.deepEqual(
    handlers.due.map(({id}) => id),
    ['x'],
  );
});

test('files that notify a handler which fails are put back, and it runs with them', async (t) => {
  const {failure, scripts, events} = await failing([{to: 'undo/'}, handles('h')]);
  t.like(failure, {reason: 'handler-failed', task: 'handler h', output: 'bad'});
  t.regex(failure.message, /put back \(\/etc\/a\), and the handler succeeds with it$/);
  t.deepEqual(scripts(), ['note+undo+set a, handle h', 'undo, handle h']);
  const restored = events.flatMap((event) => (event.type === 'files-restored' ? [[event.handler, event.paths]] : []));
  t.deepEqual(restored, [['h', ['/etc/a']]]);
  t.is(told(events).at(-1), 'files-restored h');
});

test('a handler that fails with the old files, too, has another cause', async (t) => {
  const {failure, events} = await failing([{to: 'undo/'}, handles('h', {code: 1})]);
  t.regex(failure.message, /put back \(\/etc\/a\), but the handler fails with it as well$/);
  t.regex(failure.hint ?? '', /stays due/);
  t.is(events.at(-1)?.type, 'files-restored');
});

test('files that cannot be put back are not said to be', async (t) => {
  const {failure, events} = await failing([{to: 'undo/', code: 1}]);
  t.notRegex(failure.message, /put back/);
  t.false(events.some(({type}) => type === 'files-restored'));
});

test('a file of another host is not put back for the handlers of this one', async (t) => {
  const {failure, scripts} = await failing([], 'other');
  t.like(failure, {reason: 'handler-failed'});
  t.deepEqual(scripts(), ['handle h']);
});

test('of other failures nothing is made, and a script that succeeds returns what it came to', async (t) => {
  const {progress} = await progressOver({items: [thing({name: 'a'})], answers: [reads('a', 'old')]});
  const handlers = new DueHandlers();
  t.is(await handlers.guard(progress, 'play', [], async () => 7), 7);
  for (const thrown of [new HostError({reason: 'command-failed', message: 'no'}), new TypeError('bug')])
    t.is(await t.throwsAsync(handlers.guard(progress, 'play', [], () => Promise.reject(thrown))), thrown);
});

/** Two files, one handler: it accepts the service's configuration or not. */
function service(at: string, recover?: Handler['recover']): Handler {
  return {id: 'reload', command: sh`! grep -q bad ${at}/a && echo ok >>${at}/reloads`, ...(recover && {recover})};
}

async function twoFiles(t: ExecutionContext, contents: readonly [string, string], recover?: Handler['recover']) {
  const at = directory(t);
  for (const name of ['a', 'b']) writeFileSync(`${at}/${name}`, `old ${name}\n`, {mode: 0o640});
  const notify = service(at, recover);
  const items = ['a', 'b'].map((name, index) => file({path: `${at}/${name}`, content: contents[index] ?? '', notify}));
  const {failures, events} = await applyHere(t, items);
  return {read: (name: string) => readFileSync(`${at}/${name}`, 'utf8'), failure: failures.get('h1'), events};
}

rootTest(
  'in a real shell all files of a failed handler are as before, and the service has its old configuration',
  async (t) => {
    const {read, failure, events} = await twoFiles(t, ['bad\n', 'new\n']);
    t.is(failure?.reason, 'handler-failed');
    t.deepEqual([read('a'), read('b'), read('reloads')], ['old a\n', 'old b\n', 'ok\n']);
    t.true(events.some(({type}) => type === 'files-restored'));
  },
);

rootTest('in a real shell a handler may have another command for going back', async (t) => {
  const {read, failure} = await twoFiles(t, ['bad\n', 'new\n'], raw('false'));
  t.regex(failure?.message ?? '', /fails with it as well/);
  t.is(read('a'), 'old a\n');
});

rootTest('in a real shell files stay when their handler succeeds', async (t) => {
  const {read, failure} = await twoFiles(t, ['good\n', 'new\n']);
  t.is(failure, undefined);
  t.deepEqual([read('a'), read('b'), read('reloads')], ['good\n', 'new\n', 'ok\n']);
});
