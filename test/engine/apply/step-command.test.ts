import {readFileSync, writeFileSync} from 'node:fs';
import test from 'ava';
import {backupOf, commandOf, notesBefore} from '../../../src/engine/apply/step-command.js';
import {raw, sh} from '../../../src/shell/index.js';
import {directory} from '../here.js';
import {runIn} from '../run-in.js';
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

test('in a real shell the note is there when the change is made, and the old version beside it', async (t) => {
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
  // `runIn` puts its directory in the place of /var/lib.
  const commands = [sh`cat /var/lib/infra/pending/h >${`${at}/seen`} && echo new >${path}`];
  const verdict = {...entry.verdict, commands};
  t.is(runIn(root, commandOf({type: 'change', entry: {...entry, verdict}}, 'play', control)).code, 0);
  const read = (file: string) => readFileSync(file, 'utf8');
  t.deepEqual(
    [read(path), read(`${at}/seen`), read(`${root}/infra/backup/run-1${path}`)],
    ['new\n', 'handle h.\n', 'old\n'],
  );
  return undefined;
});
