import type {Paint} from './color.js';
import type {HostRow} from './host-row.js';
import {clip, counted, renderSeconds, shorten, visible} from './text.js';

/** What a picture of the rows depends on beside them. */
export interface LiveView {
  readonly width: number;
  /** Lines the picture may have. */
  readonly height: number;
  /** Milliseconds, on the clock of the rows. */
  readonly now: number;
  readonly paint: Paint;
  /** Pictures of the spinner, one for each tenth of a second. */
  readonly spinner: readonly string[];
}

/** Rows shown at most; with more hosts than this only those that failed or are at work. */
const MANY = 20;

/** Columns below which there is no place for more than the host and what it does. */
const NARROW = 50;

/** One line a host in the order given, each within the width; with many hosts the active ones and a line of totals. */
export function renderRows(rows: readonly HostRow[], view: LiveView): string[] {
  const room = Math.max(1, Math.min(MANY, view.height));
  if (rows.length <= room) return renderEach(rows, view);
  const failed = rows.filter(({phase}) => phase === 'failed');
  const active = rows.filter(({phase}) => phase === 'active');
  const shown = [...failed.slice(0, room / 2), ...active].slice(0, Math.max(0, room - 2));
  const hidden = failed.length + active.length - shown.length;
  const lines = [
    ...renderEach(shown, view),
    ...(hidden > 0 ? [view.paint('dim', `  … and ${hidden} more`)] : []),
    shorten(totalsOf(rows), view.width),
  ];
  return lines.slice(-room);
}

function renderEach(rows: readonly HostRow[], view: LiveView): string[] {
  const column = Math.min(24, Math.floor(view.width / 3), Math.max(0, ...rows.map(({host}) => visible(host).length)));
  return rows.map((row) => renderRow(row, column, view));
}

function renderRow(row: HostRow, column: number, view: LiveView): string {
  const name = shorten(visible(row.host), column).padEnd(column);
  const changed = row.changed > 0 ? `${row.changed} changed` : '';
  const {paint, width} = view;
  switch (row.phase) {
    case 'idle':
      return paint('dim', clip(`· ${name}  ${row.doing}`, width));
    case 'done':
      return `${paint('green', '✓')} ${name}  ${clip(changed || 'nothing to change', width - column - 4)}`;
    case 'failed':
      return paint('red', `✗ ${name}  ${clip(row.doing, width - column - 4)}`);
    case 'active': {
      const right = width < NARROW ? '' : `${changed.padStart(11)} ${renderElapsed(view.now - row.since).padStart(6)}`;
      const room = Math.max(0, width - column - right.length - 6);
      const doing = shorten(row.doing, room).padEnd(room);
      return `${paint('cyan', spin(view))} ${name}  ${doing}  ${paint('dim', right)}`;
    }
  }
}

const spin = ({spinner, now}: LiveView) => spinner[Math.floor(now / 100) % spinner.length] ?? '';

/** Whole seconds: tenths would flicker. The first second is not worth telling. */
function renderElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 1 ? '' : renderSeconds(seconds).replace('.0s', 's');
}

function totalsOf(rows: readonly HostRow[]): string {
  const count = (phase: HostRow['phase']) => rows.filter((row) => row.phase === phase).length;
  const changes = rows.reduce((sum, {changed}) => sum + changed, 0);
  const parts = [
    `${count('done')} of ${counted(rows.length, 'host')} done`,
    `${count('active')} at work`,
    `${count('idle')} waiting`,
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    `${changes} changed`,
  ];
  return `  ${parts.join(' · ')}`;
}
