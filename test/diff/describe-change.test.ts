import test from 'ava';
import {type Action, type AttributeChange, Content} from '../../src/model/index.js';
import {renderAttribute} from '../renderers/as-text.js';

const render = (change: Partial<AttributeChange>, action: Action = 'update') => {
  const whole = {name: 'value', before: undefined, after: undefined, sensitive: false, ...change};
  return renderAttribute(whole, {action, id: 'thing', width: 60}).join('\n');
};

test('an attribute is shown before and after, of a new thing after, of one that goes before', (t) => {
  t.is(render({before: 1, after: 2}), 'value: 1 → 2');
  t.is(render({after: true}, 'create'), 'value: true');
  t.is(render({before: 'x'}, 'delete'), 'value: x');
  t.is(render({before: '', after: []}), 'value: "" → (none)');
});

test('a list that only changed its order is shown in full', (t) => {
  t.is(render({before: ['a', 'b'], after: ['b', 'a']}), 'value: a, b → b, a');
});

test('a text of several lines is a diff under the name of its attribute', (t) => {
  t.is(
    render({before: 'a', after: 'a\nb\n'}),
    '--- thing (value)\n+++ thing (value)\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n',
  );
});

test('a sensitive attribute shows neither value nor digest', (t) => {
  t.is(render({before: 'hunter1', after: 'hunter2', sensitive: true}), 'value: (sensitive) changes');
  t.is(render({after: 'hunter2', sensitive: true}, 'create'), 'value: (sensitive)');
  const after = Content.of('hunter2', true);
  const shown = render({after, sensitive: true}, 'create');
  t.is(shown, 'value: (sensitive, 1 line)');
  t.false(shown.includes(after.sha256.slice(0, 8)));
});
