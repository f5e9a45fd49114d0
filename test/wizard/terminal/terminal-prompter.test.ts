import {resolve} from 'node:path';
import test from 'ava';
import {paint, type StyledText, severalLines, styled, terminalText} from '../../../src/model/index.js';
import {wrapLines as wrap} from '../../../src/wizard/terminal/terminal-prompter.js';
import {isForged, RAW} from '../../support/hostile.js';
import {KEYS, openTerminal} from '../../support/terminal.js';

test('no question shows anything raw, and a default answer that cannot be shown raw is still the answer', async (t) => {
  const script = resolve('build/test/wizard/ask-all.js');
  const env = {PATH: process.env.PATH, TERM: 'xterm', LANG: 'C.UTF-8'};
  const {sees, press, ended, raw, shown} = openTerminal(`${process.execPath} ${script}`, process.cwd(), env);
  await sees(/text a/);
  press('bad', KEYS.enter);
  await sees(/refused a/);
  press(KEYS.clear, KEYS.enter);
  await sees(/choose a[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/mark a[\s\S]*Enter submit/);
  press(KEYS.enter);
  await sees(/confirm a/);
  press(KEYS.enter);
  await sees(/the end \[true,"one",\["two"\],true\]/);
  t.is(await ended, 0);
  // What the prompts themselves order: moves, erasures, colours.
  const rest = raw().replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  for (const each of [...RAW].filter((one) => one.codePointAt(0) !== 0x1b && one.codePointAt(0) !== 0xd83d))
    if (!'\u0007\r\n]0;x[2JmM31'.includes(each)) t.false(rest.includes(each), JSON.stringify(each));
  t.notRegex(raw(), /\u001b\]0;|\u001b\[2J|\ufffd/);
  t.false(isForged(shown()), shown());
});

const wrapLines = (text: string | StyledText, columns: number | undefined) =>
  terminalText(wrap(typeof text === 'string' ? severalLines(text) : text, columns), true);

test('lines are wrapped at blanks, and start at their own first column; words stay whole', (t) => {
  t.is(wrapLines('a b\n  one two three\nlongerthanthat', 10), 'a b\n  one two\n  three\nlongerthanthat');
});

test('colours take no column, and without a width nothing is wrapped', (t) => {
  t.is(wrapLines(styled`${paint('red', 'one')} two`, 9), '\u001b[31mone\u001b[39m two');
  t.is(wrapLines('one two three', undefined), 'one two three');
});

test('CJK takes two columns and a combining mark none', (t) => {
  t.is(wrapLines('  漢字 漢字 ab', 10), '  漢字\n  漢字 ab');
  t.is(wrapLines('e\u0301e\u0301 e\u0301e\u0301', 6), 'e\u0301e\u0301 e\u0301e\u0301');
});
