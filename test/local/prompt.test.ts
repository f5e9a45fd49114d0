import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {PromptInterrupted, themeFor, whenInterrupted} from '../../src/local/prompt.js';

const KEYS: [string, string][] = [
  ['↑↓', 'navigate'],
  ['⏎', 'select'],
  ['space', 'toggle'],
];

const tip = (unicode: boolean) => stripVTControlCharacters(themeFor(unicode).style.keysHelpTip(KEYS));

test('the keys of a list are told in words, with arrows where there is Unicode', (t) => {
  t.is(tip(true), '↑↓ navigate, Enter select, space toggle');
  t.is(tip(false), 'up/down navigate, Enter select, space toggle');
});

test('without Unicode all signs are ASCII', (t) => {
  const {style, ...signs} = themeFor(false);
  t.regex(stripVTControlCharacters(JSON.stringify(signs)).replaceAll(/\\u001b\[\d+m/g, ''), /^[ -~]+$/);
  t.deepEqual(Object.keys(themeFor(true)), ['style']);
});

test('an interrupted question gives what it is told to, and every other error is thrown on', (t) => {
  t.is(whenInterrupted(() => 'no')(new PromptInterrupted()), 'no');
  const other = new Error('broken');
  t.is(
    t.throws(() => whenInterrupted(() => 'no')(other)),
    other,
  );
});
