import test from 'ava';
import {maskPainted} from '../../src/commands/mask-painted.js';

const mask = (text: string) => text.replaceAll('s3-cret', '(sensitive)');

test('a secret is masked though colours part it, and all other colours stay', (t) => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
  t.is(maskPainted(`a s3-cret ${red('b')}`, mask), `a (sensitive) ${red('b')}`);
  t.is(maskPainted(`${red('x')}\ns3-${red('cret')} ${red('b')}\n`, mask), `${red('x')}\n(sensitive) b\n`);
  t.is(maskPainted('plain', mask), 'plain');
});
