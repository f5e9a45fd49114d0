import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {markPending, parseState, runHandler, stateProbe} from '../../../src/engine/lock/pending-handlers.js';
import {UnreadableReply} from '../../../src/model/index.js';
import {raw, sh} from '../../../src/shell/index.js';
import {runIn as run} from '../run-in.js';

const directory = () => mkdtempSync(path.join(tmpdir(), 'infra-test-'));
const handler = (id: string, command = raw('true')) => ({id, command});

test('a note has any name, is there once, tells its command, and ends with its handler', (t) => {
  const root = directory();
  const ids = ['reload nginx', "it's * (due) $x", '..', 'a/b\nc'];
  const handlers = ids.map((id) => handler(id, sh`echo  two ${'w o r d s'}`));
  t.deepEqual(run(root, ...markPending(handlers)), {code: 0, stdout: '', stderr: '', truncated: false});
  t.is(run(root, ...markPending(handlers), raw('echo "<$fresh>"')).stdout, '<>\n');
  const {pending, lastRun} = parseState(run(root, stateProbe));
  t.deepEqual(pending.map(({id}) => id).sort(), ids.toSorted());
  t.is(pending[0]?.command, "echo two 'w o r d s'");
  t.is(lastRun, '');
  t.is(run(root, runHandler(handler('reload nginx', raw('false')))).code, 1);
  t.is(parseState(run(root, stateProbe)).pending.length, 4);
  t.is(run(root, ...handlers.map((each) => runHandler(each, raw('true')))).code, 0);
  t.deepEqual(parseState(run(root, stateProbe)).pending, []);
});

test('a bare host has no state, and a lock tells the last run', (t) => {
  const root = directory();
  t.deepEqual(parseState(run(root, stateProbe)), {pending: [], lastRun: ''});
  run(root, ...markPending([handler('x')]));
  writeFileSync(path.join(root, 'infra', 'lock'), 'alice, run r\nmachine 1 2 r\n');
  t.is(parseState(run(root, stateProbe)).lastRun, 'machine 1 2 r');
});

test('files beside the notes that are none of ours are passed over, whatever their names', (t) => {
  const root = directory();
  run(root, ...markPending([handler('reload nginx')]));
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
