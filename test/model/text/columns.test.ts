import {spawnSync} from 'node:child_process';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {columnsOf, headOf, padColumns, tailOf} from '../../../src/model/text/columns.js';

const FAMILY = '👨‍👩‍👧';
const FLAG = '🇩🇪';
const WAVE = '👋🏽';
const ACCENT = 'e\u0301';

test('CJK and emoji take two columns, marks and zero-width characters none', (t) => {
  t.is(columnsOf('漢字'), 4);
  t.deepEqual([FAMILY, FLAG, WAVE, '❤️', '✅'].map(columnsOf), [2, 2, 2, 2, 2]);
  t.deepEqual([ACCENT, 'a\u200bb', '한', 'ｱ'].map(columnsOf), [1, 2, 2, 1]);
  t.deepEqual(['', 'web1', '✓ done → 3 · …', 'a\tb', '漢\t字', '␛[2J'].map(columnsOf), [0, 4, 14, 3, 5, 4]);
});

test('a cut leaves characters whole and never takes more columns than it may', (t) => {
  t.deepEqual(
    [1, 2, 3, 4].map((columns) => headOf('漢字', columns)),
    ['', '漢', '漢', '漢字'],
  );
  t.deepEqual(
    [1, 2, 3, 4].map((columns) => tailOf('漢字', columns)),
    ['', '字', '字', '漢字'],
  );
  t.is(headOf(`${FAMILY}${FLAG}`, 3), FAMILY);
  t.is(tailOf(`${FAMILY}${FLAG}`, 3), FLAG);
  t.is(headOf(`${WAVE}b`, 1), '');
  t.is(headOf(`${ACCENT}b`, 1), ACCENT);
  t.is(tailOf(`b${ACCENT}`, 1), ACCENT);
  t.deepEqual([headOf('abc', 2), tailOf('abc', 2), headOf('abc', -1), tailOf('abc', 0)], ['ab', 'bc', '', '']);
});

const texts = fc.string({unit: fc.constantFrom('a', ' ', '✓', '漢', FAMILY, FLAG, WAVE, ACCENT, '❤️', 'é')});

test('beginning and end fit, are of the text, and lack no character that would fit', (t) => {
  fc.assert(
    fc.property(texts, fc.nat(12), (text, columns) => {
      const [head, tail] = [headOf(text, columns), tailOf(text, columns)];
      const least = Math.min(columnsOf(text), columns) - 1;
      const fits = [head, tail].every((part) => columnsOf(part) <= columns && columnsOf(part) >= least);
      return fits && text.startsWith(head) && text.endsWith(tail);
    }),
  );
  t.pass();
});

test('padding makes texts equally wide, and leaves what is wider', (t) => {
  t.deepEqual(
    ['漢', 'ab', ''].map((text) => columnsOf(padColumns(text, 5))),
    [5, 5, 5],
  );
  t.is(padColumns('漢字', 3), '漢字');
});

test('texts that are measured without the library are as wide as it says', (t) => {
  const candidates = Array.from({length: 0x3000 - 0x20}, (_, at) => String.fromCharCode(at + 0x20));
  const wrong = candidates.filter((each) => columnsOf(`a${each}b`) !== stringWidth(`a${each}b`));
  t.deepEqual(wrong, []);
});

test('the library is loaded for the first wide text, not before', (t) => {
  const module = pathToFileURL('build/src/model/text/columns.js').href;
  const loaded = (text: string) => {
    const script = `
      const {columnsOf} = await import(${JSON.stringify(module)});
      columnsOf(${JSON.stringify(text)});
      const {createRequire} = await import('node:module');
      const require = createRequire(${JSON.stringify(module)});
      console.log(require.resolve('string-width') in require.cache);`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], {encoding: 'utf8'});
  };
  t.is(loaded('✓ web1 → ok').stdout, 'false\n');
  t.is(loaded('漢').stdout, 'true\n');
});
