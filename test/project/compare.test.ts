import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {digestOf, parseWritten, saySame} from '../../src/project/answers.js';
import {compareProject} from '../../src/project/compare.js';

/** A directory with these files. */
function directoryWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'infra-compare-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** An answers file that records these texts as written by infra. */
const recording = (texts: Readonly<Record<string, string>>) =>
  `written:\n${Object.entries(texts)
    .map(([path, text]) => `  ${path}: "${digestOf(text)}"\n`)
    .join('')}`;

interface Case {
  readonly title: string;
  /** The text in the directory; undefined: no file. */
  readonly present?: string;
  /** What infra wrote last; undefined: it never did. */
  readonly last?: string;
  readonly next: string;
  readonly kind: 'new' | 'same' | 'changed' | 'edited';
}

const CASES: readonly Case[] = [
  {title: 'a missing file is new', next: 'n', kind: 'new'},
  {title: 'a file that was removed after infra wrote it is new again', last: 'n', next: 'n', kind: 'new'},
  {title: 'the same text has nothing to write, even if infra never wrote it', present: 'n', next: 'n', kind: 'same'},
  {title: 'a file as infra left it is changed', present: 'o', last: 'o', next: 'n', kind: 'changed'},
  {
    title: 'an edited file stays while infra has nothing new to write',
    present: 'e',
    last: 'n',
    next: 'n',
    kind: 'same',
  },
  {title: 'an edited file is edited once infra has', present: 'e', last: 'o', next: 'n', kind: 'edited'},
  {title: 'a file that infra never wrote is edited', present: 'e', next: 'n', kind: 'edited'},
  {title: 'an empty file counts as one', present: '', next: 'n', kind: 'edited'},
];

for (const {title, present, last, next, kind} of CASES) {
  test(`comparing with a directory: ${title}`, (t) => {
    const root = directoryWith(t, {
      ...(present !== undefined && {'a.md': present}),
      ...(last !== undefined && {'infra.answers.yml': recording({'a.md': last})}),
    });
    t.deepEqual(compareProject(root, new Map([['a.md', next]])), [{path: 'a.md', kind, before: present, after: next}]);
  });
}

test('the changes come in the order of the files, and a directory that does not exist has none of them', (t) => {
  const files = new Map([
    ['z', '1'],
    ['a/b', '2'],
  ]);
  const root = join(directoryWith(t, {}), 'absent');
  t.deepEqual(
    compareProject(root, files).map(({path, kind}) => `${kind} ${path}`),
    ['new z', 'new a/b'],
  );
});

const IGNORED = '# ours\nnode_modules/\n\n*.plan\n';

const IGNORING: readonly (readonly [title: string, before: string, kind: string, after: string])[] = [
  ['is the same with all patterns, in any order', '  *.plan\nmine\nnode_modules/', 'same', IGNORED],
  ['gets the missing ones at its end', 'mine\nnode_modules/\n', 'changed', 'mine\nnode_modules/\n*.plan\n'],
  ['gets its last line ended first', 'mine', 'changed', 'mine\nnode_modules/\n*.plan\n'],
  ['that is empty gets all patterns without a comment', '', 'changed', '\nnode_modules/\n*.plan\n'],
];

for (const [title, before, kind, after] of IGNORING) {
  test(`the user's .gitignore ${title}`, (t) => {
    const root = directoryWith(t, {'.gitignore': before});
    t.deepEqual(compareProject(root, new Map([['.gitignore', IGNORED]])), [{path: '.gitignore', kind, before, after}]);
  });
}

test('what cannot be read is named with the next step', (t) => {
  const root = directoryWith(t, {'README.md/x': ''});
  const error = t.throws(() => compareProject(root, new Map([['README.md', '']])));
  t.is(error?.message, `cannot read ${join(root, 'README.md')}: it is a directory`);
});

const WRITTEN: readonly (readonly [text: string, ...entries: (readonly [string, string])[]])[] = [
  ['written:\n  a: "0123"\n  b/c: 12\n', ['a', '0123'], ['b/c', '12']],
  ['written: yes\n'],
  ['written:\n'],
  ['user: deploy\n'],
  ['- a\n'],
  ['just text'],
  ['a: [\n'],
  [''],
];

for (const [text, ...entries] of WRITTEN) {
  test(`the digests in ${JSON.stringify(text)} are ${entries.length}`, (t) => {
    t.deepEqual([...parseWritten(text)], entries);
  });
}

test('answers say the same when only their layout differs; damaged ones only when they are equal', (t) => {
  t.true(saySame('a: [1, 2]\n', '# x\na:\n  - 1\n  - 2\n'));
  t.false(saySame('a: [1, 2]\n', 'a: [2, 1]\n'));
  t.false(saySame('a: 1\n', 'a: "1"\n'));
  t.true(saySame('a: [', 'a: ['));
  t.false(saySame('a: [', 'a: [ '));
});
