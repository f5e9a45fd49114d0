import {randomInt} from 'node:crypto';

/** A name for a run that begins now: `20261122-103004-k7f2`. It sorts by time, and its end is enough to name it. */
export function newRunName(now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const letters = Array.from({length: 4}, () => LETTERS.charAt(randomInt(LETTERS.length)));
  return `${date}-${time}-${letters.join('')}`;
}

/** Without those that are taken for each other. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
