import type {ScriptStep} from '../../src/engine/apply/step-command.js';
import {entriesOf, type HostRun, type Progress, type TaskEntry} from '../../src/engine/host-run.js';
import {applyAll, type Planned, planAll, type RunControl} from '../../src/engine/index.js';
import {
  Affected,
  defineTask,
  type Failure,
  type Guard,
  type Handler,
  type Host,
  type Items,
  type Play,
  play,
  type Restorable,
  type RunEvent,
  type Task,
  taskName,
  Unknown,
  UnreadableReply,
} from '../../src/model/index.js';
import {type Command, raw} from '../../src/shell/index.js';
import {
  type Asked,
  type RecordedAnswer,
  type RecordedHost,
  type RecordedTransport,
  recordedTransport,
} from '../../src/transport/recorded/index.js';
import {hostNamed} from '../renderers/host-named.js';

/*
 * Runs of the engine over recorded hosts. Tasks and handlers have commands that no shell knows, `read a.`, `set a.`,
 * `handle h.`; what a host answers to them stands in each test, and a question without an answer fails it.
 */

interface ThingSpec {
  readonly name: string;
  /** Default `new`. */
  readonly to?: string;
  readonly affects?: readonly string[];
  readonly needs?: readonly string[];
  readonly guard?: Guard;
  readonly restores?: Restorable;
  readonly always?: boolean;
  /** Makes the commands when the turn of the change comes. */
  readonly late?: () => Promise<readonly Command[]>;
}

/** What `read` prints is its value; nothing: it is absent; `?`: that cannot be told yet; `!`: that cannot be read. */
export const thing = defineTask<ThingSpec, {value: string}>({
  type: 'thing',
  id: ({name}) => name,
  probe: ({name}) => raw(`read ${name}.`),
  parse: ({stdout}) => {
    const value = stdout.trim();
    if (value === '!') throw new UnreadableReply('no value');
    if (value === '?') return new Unknown('it is not there yet');
    return value === '' ? null : {value};
  },
  desire: ({to = 'new'}) => ({value: to}),
  change: ({name, late}) => late ?? [raw(`set ${name}.`)],
  affects: ({name, affects = [`thing:${name}`]}) => affects,
  needs: ({name, needs = [`thing:${name}`]}) => needs,
  always: ({always = false}) => always,
  // Left out, there is none.
  restores: ({restores}) => restores as Restorable,
  guard: ({guard}) => guard as Guard,
});

export const handler = (id: string): Handler => ({id, command: raw(`handle ${id}.`)});

/** `read a.` prints this, so often. */
export const reads = (name: string, stdout: string, times?: number): RecordedAnswer => ({
  to: `read ${name}.`,
  stdout,
  times,
});

/** `set a.` ends so. */
export const sets = (name: string, answer: Omit<RecordedAnswer, 'to'> = {}): RecordedAnswer => ({
  to: `set ${name}.`,
  ...answer,
});

export const handles = (id: string, answer: Omit<RecordedAnswer, 'to'> = {}): RecordedAnswer => ({
  to: `handle ${id}.`,
  ...answer,
});

/** What every host of these tests answers besides its own answers. */
export const FACTS: RecordedAnswer = {to: '/etc/os-release', stdout: 'ID=debian\nVERSION_ID=12\nmemory=1\ncpus=0\n'};
export const STATE: RecordedAnswer = {to: '[ ! -d /var/lib/infra/pending ]'};
export const LOCK: RecordedAnswer = {to: 'flock -n 9'};

/** Handlers that a run which was cut off has left. */
export const pending = (...ids: readonly string[]): RecordedAnswer => ({
  ...STATE,
  stdout: ids.map((id) => `${id} handle ${id}.\n`).join(''),
  times: 1,
});

export type RecordedAnswers = readonly RecordedAnswer[];

export interface Given {
  /** In one play on all hosts. */
  readonly items?: Items | ((host: Host) => Items);
  readonly plays?: readonly Play[];
  /** Of each host; an array: of the only one, `h1`. */
  readonly answers: readonly RecordedAnswer[] | Readonly<Record<string, readonly RecordedAnswer[]>>;
  readonly connects?: Readonly<Record<string, RecordedHost['connects']>>;
  readonly control?: Partial<RunControl>;
  /** Of them the run is about these. Default: all. */
  readonly limit?: readonly string[];
  readonly onEvent?: (event: RunEvent) => void;
}

export interface Scene {
  readonly transport: RecordedTransport;
  readonly planned: readonly Planned[];
  readonly control: RunControl;
  /** What happened since the plan was made. */
  readonly events: RunEvent[];
  readonly failures: ReadonlyMap<string, Failure>;
  /** The scripts that were sent since the plan was made. */
  scripts(): readonly string[];
}

/** Plans over recorded hosts. */
export async function planOver({items = [], answers, connects = {}, ...given}: Given): Promise<Scene> {
  const own = isList(answers) ? {h1: answers} : answers;
  const usual = [FACTS, STATE, LOCK];
  const recorded = Object.entries(own).map(([name, each]): [string, RecordedHost] => [
    name,
    {answers: [...each, ...usual], connects: connects[name]},
  ]);
  const transport = recordedTransport({hosts: Object.fromEntries(recorded)});
  const hosts = Object.keys(own).map(hostNamed);
  const failures = new Map<string, Failure>();
  const only = play('play', {hosts: 'all'}, typeof items === 'function' ? [({host}) => items(host)] : items);
  const planned = await planAll({
    plays: given.plays ?? [only],
    inventory: {hosts, groups: new Map([['all', hosts]]), file: 'hosts.yaml', files: []},
    hosts: hosts.filter(({name}) => given.limit?.includes(name) ?? true),
    environment: {templateDirectories: []},
    listener: (event) => event.type === 'host-failed' && failures.set(event.host, event.failure),
    transport,
  });
  const before = transport.asked.length;
  const control = {
    ...{id: 'run-1', owner: 'me@here', lockTimeout: 0, keepBackups: false},
    ...{stop: new AbortController().signal, transport},
    ...given.control,
  };
  return {transport, planned, control, events: [], failures, scripts: () => scriptsOf(transport.asked.slice(before))};
}

const isList = (answers: Given['answers']): answers is readonly RecordedAnswer[] => Array.isArray(answers);

/** Plans and applies. */
export async function applyOver(given: Given): Promise<Scene> {
  const scene = await planOver(given);
  const failures = new Map(scene.failures);
  await applyAll(scene.planned, scene.control, (event) => {
    scene.events.push(event);
    if (event.type === 'host-failed') failures.set(event.host, event.failure);
    given.onEvent?.(event);
  });
  return {...scene, failures};
}

/** One host where apply begins. */
export interface OneHost extends Scene {
  readonly run: HostRun;
  readonly progress: Progress;
  readonly entries: readonly TaskEntry[];
}

/** Plans one host, `h1`, of which a part of apply is to be tested. */
export async function progressOver(given: Given): Promise<OneHost> {
  const scene = await planOver(given);
  const run = scene.planned.find(({plan}) => plan.host.name === 'h1')?.run;
  if (!run) throw new Error(`h1 was not planned: ${scene.failures.get('h1')?.message}`);
  const listener = (event: RunEvent) => {
    scene.events.push(event);
    given.onEvent?.(event);
  };
  const fresh = {changed: 0, touched: false, excused: new Set<Task>(), affected: new Affected()};
  const progress = {run, control: scene.control, listener, ...fresh, suspect: false};
  return {...scene, run, progress, entries: entriesOf(run, 'play')};
}

/** A change for each entry, after a check where `checked`. */
export function stepsFor(entries: readonly TaskEntry[], checked = false): readonly ScriptStep[] {
  return entries.flatMap((entry): ScriptStep[] => [
    ...(checked ? [{type: 'check', entry} as const] : []),
    {type: 'change', entry},
  ]);
}

/** Each event as `TYPE SUBJECT`; how hosts were read is left out. */
export function told(events: readonly RunEvent[]): readonly string[] {
  return events.map((event) => {
    const of = 'task' in event ? event.task : 'handler' in event ? event.handler : event.host;
    return `${event.type} ${of}`;
  });
}

/** Each script as `HOST: read a, set a, note, handle h`; of others than `h1` with their name. */
function scriptsOf(asked: readonly Asked[]): readonly string[] {
  return asked.flatMap((each) => {
    const where = each.host === 'h1' ? '' : `${each.host}: `;
    if (each.type !== 'run' && each.type !== 'keep') return each.type === 'connect' ? [`${where}connect`] : [];
    return `${where}${each.steps.map(shortOf).join(', ')}`;
  });
}

/** Commands of the engine itself by what they are for; of a task's and a handler's own what they do. */
function shortOf(command: string): string {
  if (command === 'command exec 9>&-') return 'unlock';
  // A note tells the command of its handler.
  const isNote = command.includes('mkdir -p /var/lib/infra/pending');
  const own = OWN.flatMap(([part, word]) => (command.includes(part) ? [word] : []));
  const done = [...command.matchAll(/\b(?:read|set|handle) [\w-]+(?=\.)/g)].map(([word]) => word);
  const words = [...own, ...done.filter((word) => !isNote || !word.startsWith('handle'))];
  return words.length > 0 ? words.join('+') : command;
}

const OWN: readonly (readonly [string, string])[] = [
  ['mkdir -p /var/lib/infra/pending', 'note'],
  ['[ ! -d /var/lib/infra/pending ]', 'state'],
  ['flock -n 9', 'lock'],
  ['mkdir decided', 'confirm'],
  ['/restored ]', 'restored?'],
  ['undo/', 'undo'],
];

export const nameOf = ({open}: TaskEntry): string => taskName(open.task);
