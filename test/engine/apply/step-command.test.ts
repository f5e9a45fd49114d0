import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {
  backupOf,
  backupPath,
  commandOf,
  guardNotes,
  keepBackup,
  keepForUndo,
  notesBefore,
  putBack,
} from '../../../src/engine/apply/step-command.js';
import {markPending, parseState, stateProbe} from '../../../src/engine/lock/pending-handlers.js';
import {raw, sh} from '../../../src/shell/index.js';
import {directory} from '../here.js';
import {runIn as run} from '../run-in.js';
import {handler, progressOver, reads, stepsFor, thing} from '../scene.js';

const FILE = {path: '/etc/a', follow: false};

/** The text of the change of a task, and where each of these parts stands in it. */
async function changeOf(task: ReturnType<typeof thing>, parts: readonly string[] = [], keepBackups = false) {
  const {entries, control} = await progressOver({
    items: [task],
    limit: ['h1'],
    answers: {h1: [reads('a', 'old')], other: [reads('a', 'old')]},
    control: {keepBackups},
  });
  const [step] = stepsFor(entries);
  if (step?.type !== 'change') throw new Error('there is no change');
  const text = commandOf(step, 'play', control).reveal();
  return {text, at: parts.map((part) => text.indexOf(part)), backup: backupOf(step.entry, control), steps: [step]};
}

const isOrdered = (places: readonly number[]) =>
  places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));

test('a change alone is only its commands', async (t) => {
  t.regex((await changeOf(thing({name: 'a'}))).text, /^\{ set a\.\n\} \|\| exit$/);
});

test('its handlers are noted before a change, and what its file was is kept between the two', async (t) => {
  const notify = handler('h');
  const plain = await changeOf(thing({name: 'a', notify}), ['>/var/lib/infra/pending/h', 'set a.']);
  t.true(isOrdered(plain.at), plain.text);
  const parts = ['>/var/lib/infra/pending/h', '/backup/run-1', '/undo/play', 'set a.'];
  const whole = await changeOf(thing({name: 'a', notify, restores: FILE}), parts, true);
  t.true(isOrdered(whole.at), whole.text);
  t.is(whole.backup, '/var/lib/infra/backup/run-1/etc/a');
});

test('a change that may lock out is armed behind notes, and no backup is kept that nobody asked for', async (t) => {
  const guard = {name: 'wall', seconds: 5, keep: raw('keep it'), restore: raw('true'), activate: raw('true')};
  const parts = ['>/var/lib/infra/pending/h', 'keep it', 'systemd-run', 'set a.'];
  const {at, text, backup} = await changeOf(thing({name: 'a', guard, notify: handler('h'), restores: FILE}), parts);
  t.true(isOrdered(at), text);
  t.deepEqual([backup, text.includes('/backup/')], [undefined, false]);
});

test('a delegated change leaves nothing of this run on its host: its notes are made on its own', async (t) => {
  const task = thing({name: 'a', delegateTo: 'other', notify: handler('h'), restores: FILE});
  const {text, backup, steps} = await changeOf(task, [], true);
  t.notRegex(text, /pending|backup|undo/);
  t.is(backup, undefined);
  t.regex(String(notesBefore(steps)), />\/var\/lib\/infra\/pending\/h/);
  t.is(notesBefore((await changeOf(thing({name: 'a', notify: handler('h')}))).steps), undefined);
});

test('a change with a time is ended by it', async (t) => {
  t.regex((await changeOf(thing({name: 'a', timeout: 7}))).text, /timeout .*7/);
});

test('in a real shell the note is there when the change is made, and the old version next to it', async (t) => {
  const [root, at] = [directory(t), directory(t)];
  const path = `${at}/f`;
  writeFileSync(path, 'old\n');
  const {entries, control} = await progressOver({
    items: [thing({name: 'a', notify: handler('h'), restores: {path, follow: false}})],
    answers: [reads('a', 'old')],
    control: {keepBackups: true},
  });
  const [entry] = entries;
  if (entry?.verdict.type !== 'change') return t.fail();
  // `run` puts its directory in the place of /var/lib.
  const commands = [sh`cat /var/lib/infra/pending/h >${`${at}/seen`} && echo new >${path}`];
  const verdict = {...entry.verdict, commands};
  t.is(run(root, commandOf({type: 'change', entry: {...entry, verdict}}, 'play', control)).code, 0);
  const read = (file: string) => readFileSync(file, 'utf8');
  t.deepEqual(
    [read(path), read(`${at}/seen`), read(`${root}/infra/backup/run-1${path}`)],
    ['new\n', 'handle h.\n', 'old\n'],
  );
  return undefined;
});

test('files are put back as they were when the play began: changed, new, deleted, and behind links', (t) => {
  const root = directory(t);
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
});

test('a change that fails takes its new notes back only when the file is what it was', (t) => {
  const root = directory(t);
  const target = {path: path.join(root, 'f'), follow: false};
  const change = (text: string) =>
    run(root, ...markPending([handler('h')]), keepForUndo(target, 'p'), guardNotes(raw(`${text}; exit 7`)));
  t.is(change('true').code, 7);
  t.deepEqual(parseState(run(root, stateProbe)).pending, []);
  t.is(change(`echo new >${target.path}`).code, 7);
  t.is(parseState(run(root, stateProbe)).pending.length, 1);
});

test('what a file was is kept once a play, and each play has its own', (t) => {
  const root = directory(t);
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
  const root = directory(t);
  const file = {path: path.join(root, 'f'), follow: false};
  writeFileSync(file.path, 'as it is\n');
  run(root, putBack([file], 'another play'));
  t.is(readFileSync(file.path, 'utf8'), 'as it is\n');
});

test('a backup is the first old version of a run, with its mode; of a new file there is none', (t) => {
  const root = directory(t);
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
  const root = directory(t);
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
