import {type RunEvent, unreachable} from '../../model/index.js';
import {renderReason} from '../text/failure.js';
import {counted} from '../text/text.js';

/** What the live display knows of a host. */
export interface HostRow {
  readonly host: string;
  /** `idle`: nothing happens on it just now, as before its turn and between planning and applying. */
  readonly phase: 'idle' | 'active' | 'done' | 'failed';
  /** What it does, or how it ended. */
  readonly doing: string;
  /** When that began, in milliseconds. */
  readonly since: number;
  /** Tasks changed so far. */
  readonly changed: number;
}

/** The row of a host that nothing was heard of yet. */
export function waitingRow(host: string): HostRow {
  return {host, phase: 'idle', doing: 'waiting', since: 0, changed: 0};
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
