import {resolve} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {columnsOf} from '../../../src/model/index.js';
import {renderDiagnostics} from '../as-text.js';

const fault = {
  message: 'unknown key "adress"',
  at: {file: resolve('inventory/lab.yml'), line: 8, column: 7},
  excerpt: '      adress: 198.18.0.11',
  hint: 'Did you mean "address"?',
};

test('a fault is shown with its position, its line, a caret and the next step', (t) => {
  t.is(
    renderDiagnostics([fault], {color: false}),
    [
      'inventory/lab.yml:8:7 error: unknown key "adress"',
      '  |',
      '8 |       adress: 198.18.0.11',
      '  |       ^',
      'help: Did you mean "address"?',
      '',
    ].join('\n'),
  );
});

test('colours change nothing but the colours', (t) => {
  const colored = renderDiagnostics([fault], {color: true});
  t.not(colored, stripVTControlCharacters(colored));
  t.is(stripVTControlCharacters(colored), renderDiagnostics([fault], {color: false}));
});

test('faults are separated by an empty line; without a position only the message is shown', (t) => {
  t.is(
    renderDiagnostics([{message: 'one'}, {message: 'two', hint: 'Fix it.'}], {color: false}),
    'error: one\n\nerror: two\nhelp: Fix it.\n',
  );
});

test('the caret stays below its character after tabs, and control characters do not reach the terminal', (t) => {
  const shown = renderDiagnostics([{...fault, excerpt: '\t\u001b[2Jx: 1', at: {...fault.at, column: 6}}], {
    color: false,
  });
  t.true(shown.includes('8 |  �[2Jx: 1\n  |      ^\n'), shown);
});

test('a long line is cut to the part around the caret', (t) => {
  const excerpt = `${'a'.repeat(400)}X${'b'.repeat(400)}`;
  const lines = renderDiagnostics([{...fault, excerpt, at: {...fault.at, column: 401}}], {color: false}).split('\n');
  t.is(lines[2]?.[lines[3]?.indexOf('^') ?? 0], 'X');
  t.true((lines[2]?.length ?? 0) < 120);
});

test('the caret stays below its character after wide ones and combining marks', (t) => {
  const caretOf = (before: string, behind = '') => {
    const excerpt = `${before}X${behind}`;
    const at = {...fault.at, column: before.length + 1};
    const [, , line = '', caret = ''] = renderDiagnostics([{...fault, excerpt, at}], {color: false}).split('\n');
    return {under: columnsOf(caret) - 1, of: columnsOf(line.slice(0, line.indexOf('X'))), columns: columnsOf(line)};
  };
  for (const before of ['name: 漢字 ', 'e\u0301e\u0301 ', '👋🏽 ', '漢'.repeat(300), `a${'漢'.repeat(300)}`]) {
    const {under, of, columns} = caretOf(before, '漢'.repeat(300));
    t.is(under, of, before);
    t.true(columns < 120, before);
  }
});
