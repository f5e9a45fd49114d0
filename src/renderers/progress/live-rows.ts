import {counted, oneLine, paint, type RunEvent, type StyledText, styled, unreachable} from '../../model/index.js';
import {renderReason} from '../text/failure.js';
import {clip, pad, renderSeconds, shorten, widthOf} from '../text/text.js';

/** What the live display shows of a host. */
export interface HostRow {
  readonly host: string;
  /** `idle`: nothing happens on it at the moment, as before its turn and between planning and applying. */
  readonly phase: 'idle' | 'active' | 'done' | 'failed';
  /** What happens on it, or how it ended. */
  readonly doing: string;
  /** When that began, in milliseconds. */
  readonly since: number;
  /** Tasks changed so far. */
  readonly changed: number;
}

/** What a drawing depends on besides the rows. */
export interface LiveView {
  readonly width: number;
  /** The largest number of lines. */
  readonly height: number;
  /** Milliseconds, on the clock of the rows. */
  readonly now: number;
  /** When it all began, on that clock. */
  readonly began: number;
  /** Frames of the spinner, one for each tenth of a second. */
  readonly spinner: readonly string[];
}

/** The row of a host that has had no event yet. */
export function waitingRow(host: string): HostRow {
  return {host, phase: 'idle', doing: 'waiting', since: 0, changed: 0};
}

/** With fewer columns than this, the number of changes is not shown. */
const NARROW = 50;

/**
 * A line for each host in the order given, each within the width, and one with totals; with too many hosts, only those
 * that failed or are running.
 */
export function renderRows(rows: readonly HostRow[], view: LiveView): StyledText[] {
  const room = Math.max(1, view.height);
  const totals = totalsOf(rows, view);
  if (rows.length < room) return [...renderEach(rows, view), ...(rows.length > 1 ? [totals] : [])];
  const failed = rows.filter(({phase}) => phase === 'failed');
  const active = rows.filter(({phase}) => phase === 'active');
  const shown = [...failed.slice(0, room / 2), ...active].slice(0, Math.max(0, room - 2));
  const hidden = failed.length + active.length - shown.length;
  const lines = [...renderEach(shown, view), ...(hidden > 0 ? [paint('dim', `  … and ${hidden} more`)] : []), totals];
  return lines.slice(-room);
}

function renderEach(rows: readonly HostRow[], view: LiveView): StyledText[] {
  const column = Math.min(24, Math.floor(view.width / 3), Math.max(0, ...rows.map(({host}) => widthOf(host))));
  return rows.map((row) => renderRow(row, column, view));
}

function renderRow(row: HostRow, column: number, view: LiveView): StyledText {
  const name = pad(shorten(row.host, column), column);
  const changed = row.changed > 0 ? `${row.changed} changed` : '';
  const {width} = view;
  switch (row.phase) {
    case 'idle':
      return paint('dim', clip(`· ${name}  ${row.doing}`, width));
    case 'done':
      return styled`${paint('green', '✓')} ${name}  ${clip(changed || 'nothing to change', width - column - 4)}`;
    case 'failed':
      return paint('red', `✗ ${name}  ${clip(row.doing, width - column - 4)}`);
    case 'active': {
      const elapsed = renderElapsed(view.now - row.since).padStart(6);
      const right = width < NARROW ? elapsed : `${changed.padStart(11)} ${elapsed}`;
      const room = Math.max(0, width - column - right.length - 6);
      const doing = pad(shorten(row.doing, room), room);
      return styled`${paint('cyan', spin(view))} ${name}  ${doing}  ${paint('dim', right)}`;
    }
  }
}

const spin = ({spinner, now}: LiveView) => spinner[Math.floor(now / 100) % spinner.length] ?? '';

/** Whole seconds, as tenths would flicker. Nothing in the first second. */
function renderElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 1 ? '' : renderSeconds(seconds).replace('.0s', 's');
}

/** As much as fits; the hosts that are done and that failed are always shown. */
function totalsOf(rows: readonly HostRow[], {now, began, width}: LiveView): StyledText {
  const count = (phase: HostRow['phase']) => rows.filter((row) => row.phase === phase).length;
  const changes = rows.reduce((sum, {changed}) => sum + changed, 0);
  const failed = count('failed') > 0 ? `${count('failed')} failed` : '';
  const elapsed = renderElapsed(now - began);
  const [active, idle] = [`${count('active')} running`, `${count('idle')} waiting`];
  const done = `${count('done')} of ${rows.length}`;
  const forms = [
    [`${done} ${rows.length === 1 ? 'host' : 'hosts'} done`, active, idle, failed, `${changes} changed`, elapsed],
    [`${done} done`, active, failed, elapsed],
    [done, failed],
  ].map((parts) => `  ${parts.filter((part) => part !== '').join(' · ')}`);
  return oneLine(forms.find((form) => widthOf(form) <= width) ?? clip(forms.at(-1) ?? '', width));
}

/** The row after an event at the time `now` (milliseconds). A failed host stays so. */
export function advanceRow(row: HostRow, event: RunEvent, now: number): HostRow {
  if (row.phase === 'failed') return row;
  const active = (doing: string): HostRow => ({...row, phase: 'active', doing, since: now});
  switch (event.type) {
    case 'play-started':
      return active(event.play);
    case 'task-started':
      return active(`${event.play} · ${event.task}`);
    case 'task-changed':
      return {...active(event.play), changed: row.changed + 1};
    case 'task-retried':
      return active(`${event.play} · ${event.task} (attempt ${event.attempt + 1} of ${event.attempts})`);
    case 'task-unchanged':
    case 'task-ignored':
    case 'task-declined':
    case 'handler-ran':
      return active(event.play);
    case 'play-finished':
      // The next one may have to wait for other hosts.
      return {...row, phase: 'idle', doing: `${event.play} · done`, since: now};
    case 'handler-started':
      return active(`${event.play} → ${event.handler}`);
    case 'output':
      return row;
    case 'files-restored':
      return active(`${event.play} → ${event.handler}, after putting files back`);
    default:
      return advanceHost(row, event, now);
  }
}

type HostEvent = Extract<RunEvent, {readonly type: `host-${string}`}>;

function advanceHost(row: HostRow, event: HostEvent, now: number): HostRow {
  const active = (doing: string): HostRow => ({...row, phase: 'active', doing, since: now});
  switch (event.type) {
    case 'host-connecting':
      return active('connecting');
    case 'host-connected':
      return active('reading its state');
    case 'host-planned':
      return {...row, phase: 'idle', doing: `planned, ${counted(event.changes, 'change')}`, since: now};
    case 'host-waiting':
      return active(event.because);
    case 'host-interrupted':
      return {...row, phase: 'failed', doing: 'interrupted', since: now};
    case 'host-verified':
      return active('verified');
    case 'host-failed':
      return {...row, phase: 'failed', doing: renderReason(event.failure), since: now};
    case 'host-finished':
      return {...row, phase: 'done', doing: '', since: now};
    default:
      return unreachable(event);
  }
}
