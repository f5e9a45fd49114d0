import test from 'ava';
import fc from 'fast-check';
import {maskDeep, visible, visibleDeep, visibleJson, visibleLine} from '../../../src/model/index.js';

const any = fc.string({unit: 'binary'});

test('visible text holds no control or format character, whatever the text', (t) => {
  fc.assert(fc.property(any, (text) => !/[\p{Cc}\p{Cf}]/u.test(visible(text))));
  t.is(visible('a\tb\n\u007f\u200b'), 'a␉b␊␡<U+200B>');
  t.is(visibleLine('\tx\r'), '\tx␍');
});

test('nor anything else that nobody sees, and what is visible stays as it is', (t) => {
  const hidden = [
    '\u009b',
    '\u202e',
    '\u2066',
    '\u3164',
    '\u2028',
    '\u2029',
    '\ud83d',
    '\u00ad',
    '\u{e0041}',
    '\u2800',
  ];
  for (const each of [...hidden, '\u034f', '\ufe00', '\ufeff']) t.regex(visible(each), /^<U\+[0-9A-F]{4,5}>$/);
  for (const each of ['é', '漢', '🙂', '⚠️', 'e\u0301', '␛ <U+202E>']) t.is(visible(each), each);
  fc.assert(fc.property(any, (text) => visible(visible(text)) === visible(text)));
});

test('JSON means the same when it is visible', (t) => {
  fc.assert(fc.property(any, (text) => JSON.parse(visibleJson(JSON.stringify({text}))).text === text));
  fc.assert(
    fc.property(any, (text) => visible(visibleJson(JSON.stringify([text]))) === visibleJson(JSON.stringify([text]))),
  );
  t.is(visibleJson(JSON.stringify('\u009b\u{e0041}')), '"\\u009b\\udb40\\udc41"');
});

test('a value is made visible in all its texts', (t) => {
  t.deepEqual(visibleDeep({a: ['\u001b', 1, null], b: {c: '\n'}}), {a: ['␛', 1, null], b: {c: '␊'}});
});

const mask = (text: string) => text.replaceAll('hunter2', '(sensitive)');

test('texts and names are masked at any depth, and what is not set is left out', (t) => {
  const value = {a: ['x hunter2', {hunter2: 1}], b: undefined, c: null, d: {e: 'hunter2', f: true}};
  t.deepEqual(maskDeep<object>(value, mask), {
    a: ['x (sensitive)', {'(sensitive)': 1}],
    c: null,
    d: {e: '(sensitive)', f: true},
  });
});

test('fields that are masked already stay as they are', (t) => {
  const value = {a: {kept: {text: 'hunter2'}, text: 'hunter2'}};
  t.deepEqual(maskDeep(value, mask, ['kept']), {a: {kept: {text: 'hunter2'}, text: '(sensitive)'}});
});
