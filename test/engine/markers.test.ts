import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {markPending, parseState, runHandler, stateProbe} from '../../src/engine/markers.js';
import {guardNotes, keepForUndo, putBack} from '../../src/engine/undo.js';
import {UnreadableReply} from '../../src/model/index.js';
import {type Command, join, raw, sh} from '../../src/shell/index.js';

/** Runs commands as a script does, with our folder of the host somewhere else. */
function run(root: string, ...commands: readonly Command[]) {
  const places = {folder: root, uploads: `${root}/uploads`};
  const text = join(commands, '\n').reveal(places).replaceAll('/var/lib', root);
  const {status, stdout, stderr} = spawnSync('sh', [], {input: `set -f; set +f\n${text}\n`});
  return {code: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString(), truncated: false};
}

const folder = () => mkdtempSync(path.join(tmpdir(), 'infra-test-'));
const handler = (id: string, command = raw('true')) => ({id, command});

test('a note has any name, is there once, tells its command, and ends with its handler', (t) => {
  const root = folder();
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
  const root = folder();
  t.deepEqual(parseState(run(root, stateProbe)), {pending: [], lastRun: ''});
  run(root, ...markPending([handler('x')]));
  writeFileSync(path.join(root, 'infra', 'lock'), 'alice, run r\nmachine 1 2 r\n');
  t.is(parseState(run(root, stateProbe)).lastRun, 'machine 1 2 r');
});

test('files beside the notes that are none of ours are passed over, whatever their names', (t) => {
  const root = folder();
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

test('files are put back as they were when the play began: changed, new, deleted, and behind links', (t) => {
  const root = folder();
  const at = (name: string) => path.join(root, name);
  const file = (name: string, follow = false) => ({path: at(name), follow});
  writeFileSync(at('changed'), 'old\n', {mode: 0o640});
  writeFileSync(at('deleted'), 'gone\n');
  writeFileSync(at('real'), 'real\n');
  const all = [file('changed'), file('deleted'), file('new'), file('link', true)];
  const keep = (each: {path: string; follow: boolean}) => keepForUndo(each, 'the play');
  const {code, stderr} = run(
    root,
    sh`ln -s real ${at('link')}`,
    ...all.map(keep),
    sh`echo 1 >${at('changed')}; chmod 600 ${at('changed')}; rm ${at('deleted')}; echo 1 >${at('new')}; echo 1 >${at('link')}`,
    ...all.map(keep),
    putBack(all, 'the play'),
  );
  t.is(code, 0, stderr);
  t.is(readFileSync(at('changed'), 'utf8'), 'old\n');
  t.is(run(root, sh`stat -c %a ${at('changed')}; readlink ${at('link')}`).stdout, '640\nreal\n');
  t.is(readFileSync(at('deleted'), 'utf8'), 'gone\n');
  t.is(readFileSync(at('real'), 'utf8'), 'real\n');
  t.deepEqual(readdirSync(root).sort(), ['changed', 'deleted', 'link', 'real', 'undo']);
  rmSync(root, {recursive: true});
});

test('a change that fails takes its new notes back only when the file is what it was', (t) => {
  const root = folder();
  const target = {path: path.join(root, 'f'), follow: false};
  const change = (text: string) =>
    run(root, ...markPending([handler('h')]), keepForUndo(target, 'p'), guardNotes(raw(`${text}; exit 7`)));
  t.is(change('true').code, 7);
  t.deepEqual(parseState(run(root, stateProbe)).pending, []);
  t.is(change(`echo new >${target.path}`).code, 7);
  t.is(parseState(run(root, stateProbe)).pending.length, 1);
});
