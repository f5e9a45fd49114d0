import {runInNewContext} from 'node:vm';
import test from 'ava';
import fc from 'fast-check';
import {code, markdown, quoted, renderText} from '../../src/project/render-text.js';

test('a quoted text is a TypeScript literal of one line for the same text', (t) => {
  t.is(quoted(`it's "so"`), String.raw`'it\'s "so"'`);
  t.is(quoted('a\\\n\u2028\u2029b'), String.raw`'a\\\n\u2028\u2029b'`);
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (text) => {
      const literal = quoted(text);
      return runInNewContext(literal) === text && !/[\n\r\u2028\u2029]/.test(literal);
    }),
  );
});

test('the marks of Markdown are escaped, and all blanks become one', (t) => {
  t.is(markdown('a_b*c'), String.raw`a\_b\*c`);
  t.is(markdown('# head\n\n| cell <b>'), String.raw`\# head \| cell \<b\>`);
  t.is(markdown('größe 日本'), 'größe 日本');
});

const CODE: readonly (readonly [text: string, written: string])[] = [
  ['npm ci', '`npm ci`'],
  ['a  b\nc', '`a b c`'],
  ['a | b', String.raw`${'`'}a \| b${'`'}`],
  ['a`b', '`` a`b ``'],
  ['`` and `', '``` `` and ` ```'],
];

for (const [text, written] of CODE) {
  test(`code in Markdown is fenced by more backticks than it has: ${JSON.stringify(text)}`, (t) => {
    t.is(code(text), written);
  });
}

test('a variable that a template lacks is an error, and the page needs only its path', (t) => {
  t.regex(renderText('index.html', {path: 'site/index.html'}), /site\/index\.html/);
  t.throws(() => renderText('index.html', {}), {message: /path is not defined/});
  t.throws(() => renderText('absent', {}), {code: 'ENOENT'});
});
