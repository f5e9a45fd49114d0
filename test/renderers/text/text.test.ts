import test from 'ava';
import fc from 'fast-check';
import {clip, hang, pad, renderSeconds, renderSize, shorten, widthOf, wrap} from '../../../src/renderers/text/text.js';

test('wrapping keeps every character except for the blanks at the breaks', (t) => {
  fc.assert(fc.property(fc.string(), fc.nat(40), (text, width) => wrap(text, width).join(' ') === text));
  t.deepEqual(wrap('aa bb cc dddddddd', 5), ['aa bb', 'cc', 'dddddddd']);
});

test('texts that are too long are cut in the middle or at the end', (t) => {
  t.is(shorten('/etc/nginx/sites-available/site', 16), '/etc/ngin…e/site');
  t.is(shorten('abc', 1), '…');
  t.is(clip('a sentence', 5), 'a se…');
  fc.assert(fc.property(fc.string(), fc.nat(30), (text, width) => shorten(text, width).length <= width));
});

test('further lines start below the first', (t) => {
  t.deepEqual(hang('a: ', ['x', 'y']).map(String), ['a: x', '   y']);
});

test('seconds and sizes are short', (t) => {
  t.deepEqual([0.04, 9.94, 9.96, 59.4, 125].map(renderSeconds), ['0.0s', '9.9s', '10s', '59s', '2m05s']);
  t.deepEqual([0, 1023, 1536, 3 * 1024 * 1024].map(renderSize), ['0 B', '1023 B', '1.5 KiB', '3.0 MiB']);
});

test('emoji and CJK are cut between characters, and count as the columns they take', (t) => {
  const family = '👋🏽🇩🇪';
  t.is(clip(`${family}abc`, 5), `${family}…`);
  t.is(clip(`${family}abc`, 4), '👋🏽…');
  t.is(clip('漢字漢字', 6), '漢字…');
  t.is(clip('漢字', 4), '漢字');
  t.is(shorten('/srv/漢字漢字/site', 12), '/srv/漢…site');
  t.is(widthOf('漢e\u0301'), 3);
  t.is(pad('漢', 4), '漢  ');
  t.deepEqual(wrap('漢字 漢字 ab', 7), ['漢字', '漢字 ab']);
  t.deepEqual(wrap('e\u0301e\u0301 e\u0301e\u0301', 5), ['e\u0301e\u0301 e\u0301e\u0301']);
  t.deepEqual(hang('漢: ', ['x', 'y']).map(String), ['漢: x', '    y']);
});

const wide = fc.string({unit: fc.constantFrom('a', ' ', '漢', '👋🏽', '🇩🇪', 'e\u0301')});

test('cut texts fit, whatever they contain', (t) => {
  fc.assert(fc.property(wide, fc.nat(20), (text, width) => widthOf(shorten(text, width)) <= width));
  fc.assert(fc.property(wide, fc.integer({min: 1, max: 20}), (text, width) => widthOf(clip(text, width)) <= width));
  t.pass();
});
