import test from 'ava';
import {useColor} from '../../../src/renderers/index.js';

const terminal = {isTTY: true};

test('colour is for terminals', (t) => {
  t.true(useColor(terminal, {}));
  t.false(useColor({}, {}));
});

test('NO_COLOR turns colour off with any value but the empty one', (t) => {
  t.false(useColor(terminal, {NO_COLOR: '1'}));
  t.true(useColor(terminal, {NO_COLOR: ''}));
});

test('a dumb terminal gets no colour', (t) => {
  t.false(useColor(terminal, {TERM: 'dumb'}));
});

test('FORCE_COLOR decides before anything else', (t) => {
  t.true(useColor({}, {FORCE_COLOR: '1', NO_COLOR: '1', TERM: 'dumb'}));
  t.false(useColor(terminal, {FORCE_COLOR: '0'}));
});
