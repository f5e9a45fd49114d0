import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {dropPending} from '../../../src/engine/index.js';
import {markPending, parseState, runHandler, stateProbe} from '../../../src/engine/lock/pending-handlers.js';
import {HostError, UnreadableReply} from '../../../src/model/index.js';
import {raw, sh} from '../../../src/shell/index.js';
import {runIn as run} from '../run-in.js';
import {handler, pending, planOver, type RecordedAnswers, reads, thing} from '../scene.js';

const directory = () => mkdtempSync(path.join(tmpdir(), 'infra-test-'));
const handlerOf = (id: string, command = raw('true')) => ({id, command});

test('a note has any name, is there once, tells its command, and ends with its handler', (t) => {
  const root = directory();
  const ids = ['reload nginx', "it's * (due) $x", '..', 'a/b\nc'];
  const handlers = ids.map((id) => handlerOf(id, sh`echo  two ${'w o r d s'}`));
  t.deepEqual(run(root, ...markPending(handlers)), {code: 0, stdout: '', stderr: '', truncated: false});
  t.is(run(root, ...markPending(handlers), raw('echo "<$fresh>"')).stdout, '<>\n');
  const {pending, lastRun} = parseState(run(root, stateProbe));
  t.deepEqual(pending.map(({id}) => id).sort(), ids.toSorted());
  t.is(pending[0]?.command, "echo two 'w o r d s'");
  t.is(lastRun, '');
  t.is(run(root, runHandler(handlerOf('reload nginx', raw('false')))).code, 1);
  t.is(parseState(run(root, stateProbe)).pending.length, 4);
  t.is(run(root, ...handlers.map((each) => runHandler(each, raw('true')))).code, 0);
  t.deepEqual(parseState(run(root, stateProbe)).pending, []);
});

test('a bare host has no state, and a lock tells the last run', (t) => {
  const root = directory();
  t.deepEqual(parseState(run(root, stateProbe)), {pending: [], lastRun: ''});
  run(root, ...markPending([handlerOf('x')]));
  writeFileSync(path.join(root, 'infra', 'lock'), 'alice, run r\nmachine 1 2 r\n');
  t.is(parseState(run(root, stateProbe)).lastRun, 'machine 1 2 r');
});

test('files next to the notes that are not ours are passed over, whatever their names', (t) => {
  const root = directory();
  run(root, ...markPending([handlerOf('reload nginx')]));
  const strays = ['50%', '%zz', '%', '%E0%A4%A', 'a b', 'x\n. forged', 'reload nginx', '%72eload%20nginx', 'ä', '..x'];
  for (const name of strays) writeFileSync(path.join(root, 'infra', 'pending', name), 'rm -rf /\n');
  const state = parseState(run(root, stateProbe));
  t.deepEqual(state.lastRun, '');
  t.deepEqual(
    state.pending.map(({id}) => id),
    ['reload nginx'],
  );
});

test('an answer that is missing or cut short is never taken for one without notes', (t) => {
  const whole = {code: 0, stdout: '', stderr: '', truncated: false};
  t.notThrows(() => parseState(whole));
  for (const bad of [undefined, {...whole, code: 2}, {...whole, truncated: true}]) {
    t.throws(() => parseState(bad), {instanceOf: UnreadableReply});
  }
});

const DROP = {to: 'rm -f -- /var/lib/infra/pending/'};

const hosts = (h1: RecordedAnswers, h2: RecordedAnswers = []) =>
  planOver({
    items: [thing({name: 'a', notify: handler('known')})],
    answers: {h1: [...h1, reads('a', 'new')], h2: [...h2, reads('a', 'new')]},
  });

test('notes that are no longer needed are dropped where they are, and no others', async (t) => {
  const {planned, transport} = await hosts([pending('gone', 'known', 'kept'), DROP]);
  const before = transport.asked.length;
  t.deepEqual(await dropPending(planned, ['gone', 'known', 'nowhere']), [{host: 'h1', dropped: ['gone']}]);
  const sent = transport.asked
    .slice(before)
    .flatMap((each) => (each.type === 'run' ? [[each.host, ...each.steps]] : []));
  t.deepEqual(sent, [['h1', 'rm -f -- /var/lib/infra/pending/gone']]);
});

test('each host drops its own', async (t) => {
  const {planned} = await hosts([pending('x'), DROP], [pending('x', 'y'), DROP]);
  t.deepEqual(await dropPending(planned, ['x', 'y']), [
    {host: 'h1', dropped: ['x']},
    {host: 'h2', dropped: ['x', 'y']},
  ]);
});

test('a host that is lost in the meantime is a failure', async (t) => {
  const {planned} = await hosts([pending('gone'), {...DROP, instead: {reason: 'connection-lost', message: 'lost'}}]);
  const {failure} = await t.throwsAsync(dropPending(planned, ['gone']), {instanceOf: HostError});
  t.is(failure.reason, 'connection-lost');
});
