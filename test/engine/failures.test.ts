import test from 'ava';
import {judgeChange} from '../../src/engine/failures.js';
import type {TaskEntry} from '../../src/engine/host-run.js';
import type {TaskControl} from '../../src/model/index.js';
import {raw} from '../../src/shell/index.js';
import {command} from '../../src/tasks/index.js';

/** Why a change counts as failed when its command ended so after that many seconds. */
function failure(options: TaskControl, code: number, stdout = '', seconds = 0) {
  const task = {...command({command: 'make'}), ...options};
  const verdict = {type: 'change' as const, action: 'run' as const, diff: [], commands: [raw('make')]};
  const question = {probe: raw('true'), judge: () => verdict};
  const entry: TaskEntry = {open: {task, question}, planned: verdict, verdict};
  return judgeChange('p', entry, {code, stdout, stderr: '', truncated: false}, seconds)?.failure;
}

test('a change succeeds with exit code 0 and, where it has an until, when that holds', (t) => {
  t.is(failure({}, 0), undefined);
  t.is(failure({until: ({stdout}) => stdout === 'up'}, 0, 'up'), undefined);
  t.regex(failure({until: ({stdout}) => stdout === 'up'}, 0, 'down')?.message ?? '', /until/);
  t.is(failure({until: () => true}, 1)?.reason, 'command-failed');
});

test('an until that throws is a failure that says so', (t) => {
  const until = () => {
    throw new Error('no such thing');
  };
  t.regex(failure({until}, 0)?.message ?? '', /threw: no such thing/);
});

test('a command that was ended for its time is told from one that ends with the same code', (t) => {
  t.is(failure({timeout: 10}, 124, '', 10)?.reason, 'timed-out');
  t.is(failure({timeout: 10}, 137, '', 40)?.reason, 'timed-out');
  t.is(failure({timeout: 10}, 124, '', 1)?.reason, 'command-failed');
  t.is(failure({}, 124, '', 100)?.reason, 'command-failed');
});

test('of long output the end is reported, and no line of it by half: half a secret would not be masked', (t) => {
  const lines = Array.from({length: 400}, (_, index) => `line ${index} of many`);
  const told = failure({}, 1, lines.join('\n'))?.output ?? '';
  t.true(told.length <= 4000 && told.length > 3900);
  t.regex(told, /^line \d+ of many\n/);
  t.true(told.endsWith('line 399 of many'));
  t.is(failure({}, 1, `${'x'.repeat(4500)} the end`)?.output, '… the end');
});
