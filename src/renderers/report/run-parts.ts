import {type Action, counted, type HostResult, type RunEvent, type Summary, summarise} from '../../model/index.js';
import {renderDiff} from '../text/diff.js';
import {lastLines} from '../text/failure.js';
import type {HostPart, PlayPart, ReportStep, Tone} from './parts.js';
import {skippedText} from './plan-parts.js';

/** What was done on the hosts of a run, with those that failed first; `isRunning`: it has not ended. */
export function partsOfRun(
  hosts: readonly string[],
  events: readonly RunEvent[],
  isRunning: boolean,
): readonly HostPart[] {
  const summary = summarise(events);
  const own = new Map<string, RunEvent[]>();
  for (const event of events) own.set(event.host, [...(own.get(event.host) ?? []), event]);
  const parts = hosts.map((host) => {
    const events = own.get(host) ?? [];
    return partOf(host, events, stepsOfRun(events), summary, isRunning);
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
  isRunning: boolean,
): HostPart {
  const result = summary.hosts.find((each) => each.host === host);
  const planned = events.find((event) => event.type === 'host-planned');
  const skipped = planned?.skipped ?? [];
  const isActive = isRunning && result?.status === 'interrupted';
  return {
    host,
    tone: isActive || result === undefined ? 'soft' : TONES[result.status],
    status: isActive ? 'running' : (result?.status ?? 'not started'),
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

/** The steps of the plays on one host, in their order. `events`: all events of the host. */
function stepsOfRun(events: readonly RunEvent[]): readonly PlayPart[] {
  const collector = new StepCollector();
  const plays = new Map<string, ReportStep[]>();
  for (const event of events) {
    const play = 'play' in event ? event.play : event.type === 'host-failed' ? event.failure.play : undefined;
    const step = play === undefined ? undefined : collector.add(event);
    if (play !== undefined && step !== undefined) plays.set(play, [...(plays.get(play) ?? []), step]);
  }
  return [...plays].map(([play, steps]) => ({play, steps}));
}

/** Lines of a task's output that are shown. */
const OUTPUT_LINES = 200;

/** Collects commands, output and attempts, which come before the event that ends a step. */
class StepCollector {
  #name = '';
  #commands: readonly string[] = [];
  #output: string[] = [];
  #attempts = 1;

  add(event: RunEvent): ReportStep | undefined {
    switch (event.type) {
      case 'task-started':
        return this.#begin(event.task, event.commands);
      case 'handler-started':
        return this.#begin(`handler ${event.handler}`, event.commands);
      case 'output':
        this.#output.push(event.text);
        return undefined;
      case 'task-retried':
        this.#attempts = event.attempt + 1;
        return undefined;
      case 'handler-ran':
        return this.#end({sign: '→', tone: 'changed', verb: 'ran', seconds: event.seconds});
      case 'task-ignored':
        return this.#end({sign: '!', tone: 'changed', verb: 'failed, ignored', seconds: event.seconds});
      case 'task-changed':
        return this.#end(changeOf(event));
      case 'host-failed':
        // A failure before the task began, or after all tasks, is not a step.
        if (this.#name === '' || event.failure.task !== this.#name) return undefined;
        return this.#end({sign: '✗', tone: 'bad', verb: 'failed'});
      default:
        return stepOf(event);
    }
  }

  #begin(name: string, commands: readonly string[] = []): undefined {
    if (name !== this.#name) this.#attempts = 1;
    this.#name = name;
    this.#commands = commands;
    this.#output = [];
  }

  #end({verb, ...known}: Pick<ReportStep, 'sign' | 'tone' | 'verb'> & Partial<ReportStep>): ReportStep {
    const output = this.#output.length > 0 ? lastLines(this.#output.join('\n'), OUTPUT_LINES) : [];
    const again = this.#attempts > 1 ? ` at attempt ${this.#attempts}` : '';
    const step = {name: this.#name, lines: [], commands: this.#commands, output, ...known, verb: `${verb}${again}`};
    this.#begin('');
    return step;
  }
}

const DONE: Readonly<Record<Action, readonly [ReportStep['sign'], string]>> = {
  create: ['+', 'created'],
  update: ['~', 'changed'],
  delete: ['-', 'deleted'],
  run: ['!', 'ran'],
};

function changeOf({action, task, seconds, backup, diff = []}: Extract<RunEvent, {type: 'task-changed'}>) {
  const [sign, verb] = DONE[action];
  const lines = diff.flatMap((each) => renderDiff(each, Number.POSITIVE_INFINITY));
  const kept = backup === undefined ? '' : `; the old version is in ${backup}`;
  return {sign, tone: 'changed' as const, name: task, verb: `${verb}${kept}`, seconds, lines};
}

function stepOf(event: RunEvent): ReportStep | undefined {
  const plain = {lines: [], commands: [], output: []};
  switch (event.type) {
    case 'task-unchanged':
      return {...plain, sign: '·', tone: 'soft', name: event.task, verb: 'was already as desired'};
    case 'task-declined':
      return {...plain, sign: '·', tone: 'soft', name: event.task, verb: 'declined'};
    case 'files-restored': {
      const verb = `failed; restored: ${event.paths.join(', ')}`;
      return {...plain, sign: '!', tone: 'bad', name: `handler ${event.handler}`, verb};
    }
    default:
      return undefined;
  }
}
