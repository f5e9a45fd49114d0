import {styleText} from 'node:util';
import type {Signs} from './prompter.js';

/** Whether a terminal shows more than ASCII: a Linux console has few characters, and other locales have others. */
export function hasUnicode({TERM, LC_ALL, LC_CTYPE, LANG}: NodeJS.ProcessEnv): boolean {
  return TERM !== 'linux' && TERM !== 'dumb' && /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** Signs of a terminal with or without Unicode. */
export const signsFor = (unicode: boolean): Signs =>
  unicode ? {done: '✓', failed: '✗', going: '…', dot: '·'} : {done: 'ok', failed: 'failed:', going: '...', dot: '-'};

/** Keys in words, for a list of which several may be marked and for one where one is chosen. */
const keysTip = (keys: readonly (readonly [string, string])[], arrows: string) => {
  const names: Readonly<Record<string, string>> = {'↑↓': arrows, '⏎': 'Enter'};
  return keys.map(([key, action]) => `${names[key] ?? key} ${action}`).join(', ');
};

/** How questions are drawn: in ASCII alone where there is no Unicode. */
export function themeFor(unicode: boolean) {
  const style = {
    keysHelpTip: (keys: [string, string][]) => styleText('dim', keysTip(keys, unicode ? '↑↓' : 'up/down')),
  };
  if (unicode) return {style};
  const icon = {checked: '[x]', unchecked: '[ ]', cursor: '>'};
  return {style, icon, prefix: {idle: styleText('blue', '?'), done: styleText('green', '*')}};
}
