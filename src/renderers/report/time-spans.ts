import {type RunEvent, unreachable} from '../../model/index.js';

/** What a host's time goes into. */
export const PHASES = ['connecting', 'reading', 'task', 'handler', 'verifying', 'waiting'] as const;

export type Phase = (typeof PHASES)[number];

/** A stretch of time of one phase, in milliseconds. */
export interface Span {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

/** An event and when it was heard of, in ISO 8601. */
export type TimedEvent = RunEvent & {readonly time: string};

/**
 * What one host spent its time on, without gaps from its first event to its last; `end`: until when, in milliseconds
 * since 1970, for a host that had not come to its end. Waiting is what it is: for other hosts, another run, the answer
 * to a question, or the time between two attempts.
 */
export function spansOf(events: readonly TimedEvent[], end: number): readonly Span[] {
  const spans: Span[] = [];
  let [phase, since]: [Phase | undefined, number] = [undefined, 0];
  const until = (to: number, what: Phase | undefined) => {
    const last = spans.at(-1);
    if (what !== undefined && to > since) {
      if (last?.phase === what && last.to === since) spans[spans.length - 1] = {...last, to};
      else spans.push({phase: what, from: since, to});
    }
    since = Math.max(since, to);
  };
  for (const event of events) {
    const now = Date.parse(event.time);
    if (event.type === 'host-verified') until(now - event.seconds * 1000, phase);
    until(now, endedBy(event, phase));
    phase = phaseAfter(event, phase);
  }
  until(end, phase);
  return spans;
}

/** Only the event at its end tells what some time was spent on. */
function endedBy(event: TimedEvent, phase: Phase | undefined): Phase | undefined {
  if (phase === undefined) return undefined;
  if (event.type === 'host-verified') return 'verifying';
  if (event.type === 'host-failed' && event.failure.reason === 'not-converged') return 'verifying';
  return phase;
}

function phaseAfter(event: RunEvent, phase: Phase | undefined): Phase | undefined {
  switch (event.type) {
    case 'host-connecting':
      return 'connecting';
    case 'host-connected':
    case 'play-started':
    case 'task-changed':
    case 'task-unchanged':
    case 'task-ignored':
    case 'task-declined':
    case 'handler-ran':
    case 'files-restored':
      return 'reading';
    case 'host-planned':
    case 'host-waiting':
    case 'play-finished':
    case 'task-retried':
      return 'waiting';
    case 'task-started':
      return 'task';
    case 'handler-started':
      return 'handler';
    case 'output':
      return phase;
    case 'host-verified':
    case 'host-interrupted':
    case 'host-failed':
    case 'host-finished':
      return undefined;
    default:
      return unreachable(event);
  }
}
