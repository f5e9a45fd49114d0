import test from 'ava';
import {confirmed} from '../../src/engine/confirm.js';
import type {ChangeToConfirm} from '../../src/engine/run-control.js';
import {taskName} from '../../src/model/index.js';
import {nameOf, progressOver, reads, stepsFor, thing, told} from './scene.js';

/** What becomes of the first change of a leg when the one who is asked says so. */
async function ask(answer: boolean | undefined, stdout = 'old') {
  const asked: ChangeToConfirm[] = [];
  const confirm = async (change: ChangeToConfirm) => {
    asked.push(change);
    return answer === true;
  };
  const scene = await progressOver({
    items: [thing({name: 'a'}), thing({name: 'b'})],
    answers: [reads('a', stdout), reads('b', 'old')],
    control: answer === undefined ? {} : {confirm},
  });
  const steps = stepsFor(scene.entries, true);
  const declined = await confirmed(scene.progress, 'play', {steps, through: 2});
  return {...scene, asked, declined};
}

test('where nobody is to be asked, everything is agreed to', async (t) => {
  const {declined, events} = await ask(undefined);
  t.deepEqual([declined, events], [undefined, []]);
});

test('a change is named as the plan names it, and agreed to', async (t) => {
  const {asked, declined, progress} = await ask(true);
  t.deepEqual(asked, [{host: 'h1', play: 'play', task: 'thing a', action: 'update'}]);
  t.deepEqual([declined, progress.excused.size], [undefined, 0]);
  t.is((await ask(true, '')).asked[0]?.action, 'create');
});

test('a change that is declined is told, and is no fault at the end', async (t) => {
  const {declined, progress, events} = await ask(false);
  t.is(declined && nameOf(declined), 'thing a');
  t.deepEqual([...progress.excused].map(taskName), ['thing a']);
  t.deepEqual(told(events), ['task-declined thing a']);
});

test('nobody is asked about questions', async (t) => {
  const {progress, entries} = await ask(undefined);
  const asking = {...progress, control: {...progress.control, confirm: () => Promise.reject(new Error('asked'))}};
  const steps = entries.map((entry) => ({type: 'probe', entry}) as const);
  t.is(await confirmed(asking, 'play', {steps, through: 0}), undefined);
});
