import test from 'ava';
import {paint, type StyledText, styled, terminalText} from '../../src/model/index.js';
import {maskStyled} from '../../src/session/console.js';

const mask = (text: string) => text.replaceAll('s3-cret', '(sensitive)').replaceAll('two\nlines', '(sensitive)');

const masked = (text: StyledText) => terminalText(maskStyled(text, mask), true);

test('a secret is masked although colours split it, and all other colours stay', (t) => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
  t.is(masked(styled`a s3-cret ${paint('red', 'b')}`), `a (sensitive) ${red('b')}`);
  const parted = styled`${paint('red', 'x')}\ns3-${paint('red', 'cret')} ${paint('red', 'b')}\n`;
  t.is(masked(parted), `${red('x')}\n(sensitive) b\n`);
  t.is(masked(styled`plain`), 'plain');
});

test('a secret of several lines is masked whatever colours its lines have', (t) => {
  t.is(masked(styled`a ${paint('red', 'two')}\n${paint('green', 'lines')} b`), 'a (sensitive) b');
});
