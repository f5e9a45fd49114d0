import test from 'ava';
import fc from 'fast-check';
import {fileLine, joined, paint, StyledText, severalLines, styled, terminalText} from '../../../src/model/index.js';

const any = fc.string({unit: 'binary'});

test('no text that is put into styled text keeps anything but its own colours from being plain', (t) => {
  fc.assert(
    fc.property(any, (text) => {
      const lines = [styled`a ${text}`, paint('red', text), fileLine(text), severalLines(text), joined([text, text])];
      const more = [StyledText.lines(text), styled`x`.mapText(() => text)];
      for (const each of [...lines, ...more]) {
        t.notRegex(terminalText(each), /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        t.notRegex(terminalText(each, true).replaceAll(/\u001b\[\d+m/g, ''), /\u001b/);
      }
      t.false(String(styled`${text}`).includes('\n'));
    }),
  );
});

test('colours are opened and closed as they stand in each other', (t) => {
  const text = styled`a ${paint('red', styled`b${paint('inverse', 'c')}d`)} ${paint('red', 'e')}`;
  t.is(String(text), 'a bcd e');
  t.is(terminalText(text, true), 'a \u001b[31mb\u001b[7mc\u001b[27md\u001b[39m \u001b[31me\u001b[39m');
  t.is(terminalText(text), 'a bcd e');
});

test('styled text is cut into lines and parts with its colours', (t) => {
  const text = styled`${paint('red', styled`ab\ncd`)}e  `;
  t.deepEqual(
    text.lines().map((line) => terminalText(line, true)),
    ['\u001b[31mab\u001b[39m', '\u001b[31mcd\u001b[39me  '],
  );
  t.is(terminalText(text.slice(1, 4), true), '\u001b[31mb\nc\u001b[39m');
  t.is(String(text.trimEnd()), 'ab\ncde');
});
