import test from 'ava';
import {Describer} from '../../src/diff/index.js';
import {type Attribute, Content, type Diff, findSecrets, nested} from '../../src/model/index.js';
import {renderDiff} from '../../src/renderers/index.js';
import {Secret} from '../../src/shell/index.js';

const open = (style: string) => `<${style}>`;

const painted = (diffs: readonly Diff[]) =>
  diffs.flatMap((diff) => renderDiff(diff, 80)).map(({pieces}) => nested(pieces, open, () => '</>'));

const diffOf = (name: string, before: Attribute, after: Attribute) =>
  new Describer().difference([{name, before, after, sensitive: false}], '/etc/a');

test('a diff is coloured, with the words that differ', (t) => {
  const content = diffOf('content', Content.of('port 80;\nx\n'), Content.of('port 81;\nx\n'));
  t.deepEqual(painted([...diffOf('mode', '0600', '0644'), ...content]), [
    'mode: 0600 → 0644',
    ...['<bold>--- /etc/a</>', '<bold>+++ /etc/a</>', '<cyan>@@ -1,2 +1,2 @@</>'],
    ...['<red>-port <inverse>80</>;</>', '<green>+port <inverse>81</>;</>', ' x', ''],
  ]);
});

test('lines that only come or only go have no words that differ, and a secret equals nothing', (t) => {
  const lines = painted(diffOf('content', Content.of('d\ne\nf\n'), Content.of('a b\na c\ne\n'))).slice(3);
  t.deepEqual(lines, ['<red>-d</>', '<green>+a b</>', '<green>+a c</>', ' e', '<red>-f</>', '']);
  const secret = (clear: string) => {
    const text = `key=${clear} end\n`;
    return Content.of(text, findSecrets(text, [new Secret(clear)]));
  };
  t.deepEqual(painted(diffOf('content', secret('hunter1'), secret('hunter2'))).slice(3, 5), [
    '<red>-key=<inverse>(sensitive)</> end</>',
    '<green>+key=<inverse>(sensitive)</> end</>',
  ]);
});

test('without colour the lines are as they were', (t) => {
  const [diff] = diffOf('content', Content.of('a b\nc'), Content.of('a d\n'));
  t.deepEqual(diff && renderDiff(diff, 80).map(String).slice(3), [
    ...['-a b', '-c', '\\ No newline at end of file', '+a d', ''],
  ]);
});
