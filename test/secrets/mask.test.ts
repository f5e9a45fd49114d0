import test from 'ava';
import {makeMask} from '../../src/secrets/mask.js';

function masking(...clear: readonly string[]) {
  const {add, mask} = makeMask();
  for (const each of clear) add(each);
  return mask;
}

test('what holds another goes first', (t) => {
  t.is(masking('abcd', 'abcd.efgh')('abcd.efgh abcd abcdxefgh'), '(sensitive) (sensitive) (sensitive)xefgh');
});

test('a value is hidden as it is, in JSON, in a URL and in base64', (t) => {
  const value = `it's "q" $&\\`;
  const forms = [value, JSON.stringify(value), encodeURIComponent(value), btoa('abcd.efgh')];
  t.is(masking(value, 'abcd.efgh')(forms.join(' ')), '(sensitive) "(sensitive)" (sensitive) (sensitive)');
});
