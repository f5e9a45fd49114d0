import test from 'ava';
import {paint, type StyledText, severalLines, styled, terminalText} from '../../../src/model/index.js';
import {wrapLines as wrap} from '../../../src/wizard/terminal/wrap-lines.js';

const wrapLines = (text: string | StyledText, columns: number | undefined) =>
  terminalText(wrap(typeof text === 'string' ? severalLines(text) : text, columns), true);

test('lines are broken at blanks, below their own first column; words stay whole', (t) => {
  t.is(wrapLines('a b\n  one two three\nlongerthanthat', 10), 'a b\n  one two\n  three\nlongerthanthat');
});

test('colours take no column, and without a width nothing is broken', (t) => {
  t.is(wrapLines(styled`${paint('red', 'one')} two`, 9), '\u001b[31mone\u001b[39m two');
  t.is(wrapLines('one two three', undefined), 'one two three');
});

test('CJK takes two columns and a combining mark none', (t) => {
  t.is(wrapLines('  漢字 漢字 ab', 10), '  漢字\n  漢字 ab');
  t.is(wrapLines('e\u0301e\u0301 e\u0301e\u0301', 6), 'e\u0301e\u0301 e\u0301e\u0301');
});
