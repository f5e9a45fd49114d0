import test from 'ava';
import {nested} from '../../src/model/index.js';
import {paintShown as paint} from '../../src/renderers/shown.js';

const open = (style: string) => `<${style}>`;

const paintShown = (lines: readonly string[]) => paint(lines).map(({pieces}) => nested(pieces, open, () => '</>'));

test('kept lines are coloured as the diff was, with the words that differ', (t) => {
  const lines = ['mode: 0600 → 0644', '--- /etc/a', '+++ /etc/a', '@@ -1,2 +1,2 @@', '-port 80;', '+port 81;', ' x'];
  t.deepEqual(paintShown(lines), [
    'mode: 0600 → 0644',
    ...['<bold>--- /etc/a</>', '<bold>+++ /etc/a</>', '<cyan>@@ -1,2 +1,2 @@</>'],
    ...['<red>-port <inverse>80</>;</>', '<green>+port <inverse>81</>;</>', ' x'],
  ]);
});

test('lines that only come or only go have no words that differ, and a secret equals nothing', (t) => {
  t.deepEqual(paintShown(['+a b', '+a c', '-d', ' e', '-f']), [
    ...['<green>+a b</>', '<green>+a c</>', '<red>-d</>', ' e', '<red>-f</>'],
  ]);
  t.deepEqual(paintShown(['-key=(sensitive) end', '+key=(sensitive) end']), [
    '<red>-key=<inverse>(sensitive)</> end</>',
    '<green>+key=<inverse>(sensitive)</> end</>',
  ]);
});

test('without colour the lines are as they were', (t) => {
  const lines = ['-a (sensitive) b', '-c', '+a (sensitive) d', '\\ No newline at end of file'];
  t.deepEqual(paint(lines).map(String), lines);
});
