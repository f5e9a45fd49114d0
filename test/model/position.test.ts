import test from 'ava';
import fc from 'fast-check';
import {callSite, positionIn, renderPosition} from '../../src/model/position.js';

const OURS = new URL('../../src/model/position.js', import.meta.url).href;

const stack = (...lines: readonly string[]) => ['Error: x', ...lines.map((line) => `    at ${line}`)].join('\n');

test('a position is written as editors jump to it', (t) => {
  t.is(renderPosition({file: '/a b/site.ts', line: 3, column: 14}), '/a b/site.ts:3:14');
});

const PLACES: readonly (readonly [string, string, string | undefined])[] = [
  ['a function in a file', 'make (/home/a/site.ts:3:14)', '/home/a/site.ts:3:14'],
  ['the top of a file', 'file:///home/a/site.ts:3:14', '/home/a/site.ts:3:14'],
  ['an asynchronous function', 'async file:///home/a/site.ts:3:14', '/home/a/site.ts:3:14'],
  ['a module that is loaded again', 'file:///home/a/site.ts?time=1:3:14', '/home/a/site.ts:3:14'],
  ['a path with a space and an umlaut', 'make (file:///home/a%20b/%C3%A4.ts:3:14)', '/home/a b/ä.ts:3:14'],
  ['a path with a bracket', 'make (/home/a (1)/site.ts:3:14)', '/home/a (1)/site.ts:3:14'],
  ['Node', 'Module.run (node:internal/modules/esm/module_job:325:25)', undefined],
  ['evaluated text', 'eval (<anonymous>)', undefined],
  ['a package', 'parse (/home/a/node_modules/zod/index.js:1:2)', undefined],
  ['this package', `callSite (${OURS}:1:2)`, undefined],
];

for (const [what, line, place] of PLACES) {
  test(`${what} is ${place === undefined ? 'no place of the user' : 'a place of the user'}`, (t) => {
    const found = positionIn(stack(line));
    t.is(found && renderPosition(found), place);
  });
}

test('the innermost place of the user counts, and the message of the error is not searched', (t) => {
  const text = stack(`a (${OURS}:1:1)`, 'b (/home/a/tasks.ts:5:6)', 'c (/home/a/site.ts:7:8)');
  t.deepEqual(positionIn(text), {file: '/home/a/tasks.ts', line: 5, column: 6});
  t.is(positionIn('Error: at /home/a/site.ts:1:2'), undefined);
});

test('whatever was thrown, searching its stack does not throw', (t) => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      t.notThrows(() => positionIn(value));
    }),
  );
  t.is(positionIn(undefined), undefined);
  t.is(positionIn(''), undefined);
});

test('the place that calls is the line of the TypeScript source', (t) => {
  const found = callSite();
  t.regex(found?.file ?? '', /\/test\/model\/position\.test\.ts$/);
  t.is((callSite()?.line ?? 0) - (found?.line ?? 0), 2);
});
