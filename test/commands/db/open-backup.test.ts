import test from 'ava';
import {parseUntil} from '../../../src/commands/db/open-backup.js';

test('a time is UTC unless it says something else', (t) => {
  const times = {
    '2026-11-30 12:00:00': '2026-11-30T12:00:00.000Z',
    '2026-11-30T12:00': '2026-11-30T12:00:00.000Z',
    '2026-11-30 12:00:00 +01:00': '2026-11-30T11:00:00.000Z',
    '2026-11-30 12:00:00Z': '2026-11-30T12:00:00.000Z',
  };
  for (const [text, time] of Object.entries(times)) t.is(parseUntil(text).toISOString(), time);
});

test('what is not a time is refused with an example', (t) => {
  for (const text of ['now', '2026-11-30', '2026-13-30 12:00:00', '2026-11-30 25:00', ''])
    t.throws(() => parseUntil(text), {message: `"${text}" is not a time`});
});
