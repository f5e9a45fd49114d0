import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {livingProcess, parseRecord, parseStat} from '../../../src/lab/machine/process.js';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

test('a process name with spaces and brackets does not shift the fields of stat', (t) => {
  const rest = 'S 7 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000';
  t.deepEqual(parseStat(`42 (a ) b (c)) ${rest}`), {state: 'S', parent: 7, startTime: '98765'});
  t.is(parseStat(''), undefined);
});

test('a record that is cut short or foreign is ignored', (t) => {
  t.deepEqual(parseRecord('12 34 ab-cd\n'), {pid: 12, startTime: '34', boot: 'ab-cd'});
  for (const text of ['', '12\n', '12 34 ab-cd', '12 34\n', 'x 34 ab-cd\n']) t.is(parseRecord(text), undefined);
});

test('a process is alive only with its own start time and in its own boot', (t) => {
  const file = join(mkdtempSync(join(tmpdir(), 'lab-')), 'process');
  const living = (text: string) => {
    writeFileSync(file, text);
    return livingProcess(file)?.pid;
  };
  const startTime = parseStat(readFileSync('/proc/self/stat', 'utf8'))?.startTime;
  t.is(living(`${process.pid} ${startTime} ${boot}\n`), process.pid);
  t.is(living(`${process.pid} 1 ${boot}\n`), undefined);
  t.is(living(`${process.pid} ${startTime} 0-0\n`), undefined);
  t.is(livingProcess(`${file}.none`), undefined);
});
