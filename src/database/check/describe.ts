import {counted} from '../../model/index.js';
import type {CheckResult} from './check-tables.js';

/** Differences shown to people; the JSON has all. */
const MOST = 50;

/** A line for each difference, and for what was not compared. */
export function describeDifferences({differences, notCompared}: CheckResult): readonly string[] {
  const lines = differences.map(({replica, table, where, rows}) => {
    const counts =
      rows === undefined
        ? ''
        : rows.primary === rows.replica
          ? ` (${counted(rows.primary, 'row')})`
          : ` (${counted(rows.primary, 'row')} on the primary, ${rows.replica} here)`;
    return `${replica}: ${table}: ${where}${counts}`;
  });
  const more = lines.length > MOST ? [`and ${lines.length - MOST} more`] : [];
  return [
    ...lines.slice(0, MOST),
    ...more,
    ...notCompared.map(({table, because}) => `not compared: ${table}: ${because}`),
  ];
}
