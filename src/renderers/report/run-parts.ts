import {type HostResult, type RunEvent, type Summary, summarise} from '../../model/index.js';
import {counted} from '../text.js';
import type {HostPart, Tone} from './parts.js';
import {skippedText} from './plan-parts.js';
import {stepsOfRun} from './run-steps.js';

/** What was done on the hosts of a run, those that failed first; `goesOn`: it has not ended. */
export function partsOfRun(
  hosts: readonly string[],
  events: readonly RunEvent[],
  goesOn: boolean,
): readonly HostPart[] {
  const summary = summarise(events);
  const own = new Map<string, RunEvent[]>();
  for (const event of events) own.set(event.host, [...(own.get(event.host) ?? []), event]);
  const parts = hosts.map((host) => {
    const events = own.get(host) ?? [];
    return partOf(host, events, stepsOfRun(events), summary, goesOn);
  });
  return parts.toSorted((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
}

const TONES: Readonly<Record<HostResult['status'], Tone>> = {
  ok: 'good',
  changed: 'changed',
  failed: 'bad',
  unreachable: 'bad',
  interrupted: 'bad',
};

function partOf(
  host: string,
  events: readonly RunEvent[],
  plays: HostPart['plays'],
  summary: Summary,
  goesOn: boolean,
): HostPart {
  const result = summary.hosts.find((each) => each.host === host);
  const planned = events.find((event) => event.type === 'host-planned');
  const skipped = planned?.skipped ?? [];
  const half = goesOn && result?.status === 'interrupted';
  return {
    host,
    tone: half || result === undefined ? 'soft' : TONES[result.status],
    status: half ? 'at work' : (result?.status ?? 'not begun'),
    story: result === undefined ? '' : storyOf(result, planned?.unchanged ?? 0),
    plays,
    skipped: skipped.map(({task, play, because}) => skippedText(task, play, because)),
    notes: events.flatMap((event) => (event.type === 'host-waiting' ? [event.because] : [])),
  };
}

function storyOf({changed, handlers, ignored}: HostResult, unchanged: number): string {
  return [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(handlers > 0 ? [counted(handlers, 'handler')] : []),
    ...(ignored.length > 0 ? [`${counted(ignored.length, 'failure')} ignored`] : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
  ].join(', ');
}
