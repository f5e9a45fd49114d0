import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {backupPath, guardNotes, keepBackup, keepForUndo, putBack} from '../../../src/engine/apply/undo.js';
import {markPending, parseState, stateProbe} from '../../../src/engine/lock/pending-handlers.js';
import {raw, sh} from '../../../src/shell/index.js';
import {runIn as run} from '../run-in.js';

const directory = () => mkdtempSync(path.join(tmpdir(), 'infra-test-'));
const handler = (id: string, command = raw('true')) => ({id, command});

test('files are put back as they were when the play began: changed, new, deleted, and behind links', (t) => {
  const root = directory();
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
  const root = directory();
  const target = {path: path.join(root, 'f'), follow: false};
  const change = (text: string) =>
    run(root, ...markPending([handler('h')]), keepForUndo(target, 'p'), guardNotes(raw(`${text}; exit 7`)));
  t.is(change('true').code, 7);
  t.deepEqual(parseState(run(root, stateProbe)).pending, []);
  t.is(change(`echo new >${target.path}`).code, 7);
  t.is(parseState(run(root, stateProbe)).pending.length, 1);
});

test('what a file was is kept once a play, and each play has its own', (t) => {
  const root = directory();
  const file = {path: path.join(root, 'f'), follow: false};
  writeFileSync(file.path, 'before both\n');
  run(root, keepForUndo(file, 'one'), sh`echo 'after one' >${file.path}`, keepForUndo(file, 'two/..'));
  writeFileSync(file.path, 'after two\n');
  t.is(run(root, putBack([file], 'two/..')).code, 0);
  t.is(readFileSync(file.path, 'utf8'), 'after one\n');
  t.is(run(root, putBack([file], 'one')).code, 0);
  t.is(readFileSync(file.path, 'utf8'), 'before both\n');
});

test('what a play has not kept cannot be put back, and is not touched', (t) => {
  const root = directory();
  const file = {path: path.join(root, 'f'), follow: false};
  writeFileSync(file.path, 'as it is\n');
  run(root, putBack([file], 'another play'));
  t.is(readFileSync(file.path, 'utf8'), 'as it is\n');
});

test('a backup is the first old version of a run, with its mode; of a new file there is none', (t) => {
  const root = directory();
  const file = {path: path.join(root, 'f'), follow: false};
  writeFileSync(file.path, 'first\n');
  chmodSync(file.path, 0o640);
  const kept = backupPath(file.path, 'run-1').replace('/var/lib', root);
  t.is(run(root, keepBackup(file, 'run-1'), sh`echo second >${file.path}`, keepBackup(file, 'run-1')).code, 0);
  t.is(readFileSync(kept, 'utf8'), 'first\n');
  t.is(statSync(kept).mode & 0o777, 0o640);
  t.is(statSync(path.dirname(kept)).mode & 0o777, 0o700);
  run(root, keepBackup({path: path.join(root, 'new'), follow: false}, 'run-1'));
  t.false(existsSync(backupPath(path.join(root, 'new'), 'run-1').replace('/var/lib', root)));
});

test('a link is not followed where others could have put it', (t) => {
  const root = directory();
  const shared = path.join(root, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  writeFileSync(path.join(root, 'real'), 'real\n');
  symlinkSync(path.join(root, 'real'), path.join(shared, 'link'));
  const {code, stderr} = run(root, keepForUndo({path: path.join(shared, 'link'), follow: true}, 'p'));
  t.not(code, 0);
  t.regex(stderr, /link in a directory that others may change/);
  t.false(existsSync(path.join(root, 'undo')));
});
