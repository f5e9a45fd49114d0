import {type RunEvent, unreachable} from '../../model/index.js';
import {renderSeconds} from '../text/text.js';
import {type Html, html} from './html.js';
import type {HostPart} from './parts.js';

/** What a host spends its time on. */
const PHASES = ['connecting', 'reading', 'task', 'handler', 'verifying', 'waiting'] as const;

type Phase = (typeof PHASES)[number];

/** A stretch of time of one phase, in milliseconds. */
export interface Span {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

/** A host of the list, and what it spent its time on. */
export interface HostTime {
  readonly part: HostPart;
  readonly spans: readonly Span[];
}

/** The hosts of a run, each with a bar for its time; all bars have the same scale. */
export function renderTimeLine(hosts: readonly HostTime[]): Html {
  const spans = hosts.flatMap((each) => each.spans);
  const from = spans.reduce((least, span) => Math.min(least, span.from), Number.POSITIVE_INFINITY);
  const to = spans.reduce((most, span) => Math.max(most, span.to), 0);
  const rows = hosts.map((each) => renderRow(each, from, to));
  if (to <= from) return html`<ul class="hosts">${rows}</ul>`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => html`<span>${renderSeconds(((to - from) * part) / 1000)}</span>`);
  return html`<p class="keys">${PHASES.map(keyOf)}</p>
<div class="axis" aria-hidden="true">${ticks}</div>
<ul class="hosts">${rows}</ul>`;
}

const NAMES: Readonly<Record<Phase, string>> = {
  connecting: 'connecting',
  reading: 'reading its state',
  task: 'tasks',
  handler: 'handlers',
  verifying: 'verifying',
  waiting: 'waiting',
};

/** Upper edge and height in a bar of 16: phases differ in these as well as in colour. */
const SHAPES: Readonly<Record<Phase, readonly [number, number]>> = {
  connecting: [10, 5],
  reading: [5, 6],
  task: [1, 14],
  handler: [1, 9],
  verifying: [7, 8],
  waiting: [7, 2],
};

/** Units of the whole width. Nothing shorter than one unit is drawn, except for tasks and handlers. */
const WIDTH = 1000;

function renderRow({part: {host, tone, status, story}, spans}: HostTime, from: number, to: number): Html {
  const unit = WIDTH / Math.max(1, to - from);
  const paths = PHASES.map((phase) => renderPhase(phase, spans, (time) => Math.round((time - from) * unit)));
  const last = spans.at(-1);
  const end = tone === 'bad' && last ? Math.min(WIDTH - 3, Math.round((last.to - from) * unit)) : undefined;
  const mark = end === undefined ? '' : html`<path class="k-end" d="M${end} 0h3v16h-3z"/>`;
  const bar = html`<svg class="bar" viewBox="0 0 ${WIDTH} 16" preserveAspectRatio="none" aria-hidden="true">${paths}${mark}</svg>`;
  return html`<li><p><strong>${host}</strong> <span class="${tone}">${status}</span> <small>${story}</small></p>
${spans.length > 0 && html`${bar}<small>${amountsOf(spans)}</small>`}</li>
`;
}

function renderPhase(phase: Phase, spans: readonly Span[], at: (time: number) => number): Html {
  const [top, height] = SHAPES[phase];
  const least = phase === 'task' || phase === 'handler' ? 1 : 0;
  const drawn = new Map<number, number>();
  for (const span of spans.filter((each) => each.phase === phase)) {
    const width = Math.max(least, at(span.to) - at(span.from));
    if (width > 0) drawn.set(at(span.from), Math.max(width, drawn.get(at(span.from)) ?? 0));
  }
  const path = [...drawn].map(([x, width]) => `M${x} ${top}h${width}v${height}h-${width}z`).join('');
  return path === '' ? html`` : html`<path class="k-${phase}" d="${path}"/>`;
}

/** Milliseconds; shorter times are not shown. */
const SHORTEST = 50;

/** `connecting 0.2s · tasks 12s · waiting 3.1s`. */
function amountsOf(spans: readonly Span[]): string {
  return PHASES.flatMap((phase) => {
    const sum = spans.reduce((total, span) => total + (span.phase === phase ? span.to - span.from : 0), 0);
    return sum >= SHORTEST ? [`${NAMES[phase]} ${renderSeconds(sum / 1000)}`] : [];
  }).join(' · ');
}

function keyOf(phase: Phase): Html {
  const [top, height] = SHAPES[phase];
  const shape = html`<path class="k-${phase}" d="M0 ${top}h24v${height}h-24z"/>`;
  return html`<span><svg viewBox="0 0 24 16" preserveAspectRatio="none" aria-hidden="true">${shape}</svg>${NAMES[phase]}</span>`;
}

/** An event and the time at which infra received it, in ISO 8601. */
export type TimedRunEvent = RunEvent & {readonly time: string};

/**
 * What one host spent its time on, without gaps, from its first event to its last; `end`: the end for a host that has
 * not finished, in milliseconds since 1970. A host waits for other hosts, for another run, for the answer to a
 * question, or between two attempts.
 */
export function spansOf(events: readonly TimedRunEvent[], end: number): readonly Span[] {
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

/** The phase that an event ends, which for verifying is only known then. */
function endedBy(event: TimedRunEvent, phase: Phase | undefined): Phase | undefined {
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
