import {hostname, userInfo} from 'node:os';
import {cutDiff} from '../diff/index.js';
import type {RunControl} from '../engine/index.js';
import type {Project} from '../local/project.js';
import {machineKey, processId} from '../local/this-machine.js';
import {
  type Diff,
  type Failure,
  type Listener,
  maskDeep,
  newTally,
  type RunEvent,
  type Summary,
  visibleJson,
} from '../model/index.js';
import {newRunName, openJournal, RECORD_VERSION, type RunHead, type RunTail} from '../records/index.js';
import type {Transport} from '../transport/index.js';
import {defaultInventory} from './default-inventory.js';
import {inventoryDigest, playbookDigest} from './file-digests.js';
import type {Session} from './session.js';
import {packageVersion} from './version.js';

/** What a run is given on the command line; its other options are recorded too. */
export interface RecordedOptions {
  readonly playbook: string;
  readonly inventory?: string;
  readonly format?: 'text' | 'json';
  readonly lockTimeout?: number;
  readonly backup?: boolean;
  /** The name of the run that this one continues. */
  readonly resumes?: string;
}

/** An apply, or an operation of the database, while it runs: its name, its events so far, and its record. */
export interface ActiveRun {
  readonly control: RunControl;
  /** The summary so far, with secrets masked. */
  summary(): Summary;
  /** Records an event, prints it with `--format json`, and passes it on masked. */
  note(event: RunEvent, also?: Listener): void;
  /** Closes the record and returns the exit code. */
  end(outcome: RunTail['outcome'], exitCode?: number): number;
}

/** Starts the record of a run. Throws `InputError` when it cannot be written. */
export function beginRun(session: Session, options: RecordedOptions, stop: AbortSignal): ActiveRun {
  const {project} = session;
  const now = () => project.now().toISOString();
  const head = headOf(session, options);
  const journal = openJournal(project.root, maskDeep(head, session.mask));
  const tally = newTally();
  const keep = limitEvents();
  const print = options.format === 'json' ? printer(project, head.run) : () => {};
  print({type: 'run-started', time: head.started, ...maskDeep(head, session.mask)});
  return {
    control: controlOf(head, options, session.transport, stop),
    summary: tally.summary,
    note: (event, also) => {
      const masked = maskDeep(keep(event), session.mask, MASKED);
      const timed = {...masked, time: now()};
      tally.add(masked);
      journal.note(timed);
      print(timed);
      also?.(masked);
    },
    end: (outcome, exitCode = tally.summary().exitCode) => {
      const tail = {ended: now(), exitCode, outcome, results: tally.summary().hosts};
      journal.finish(tail);
      print({type: 'run-finished', time: tail.ended, ...tail});
      return exitCode;
    },
  };
}

function controlOf(head: RunHead, options: RecordedOptions, transport: Transport, stop: AbortSignal): RunControl {
  return {
    id: head.run,
    owner: `${head.operator}@${head.machine}`,
    lockTimeout: options.lockTimeout ?? 0,
    keepBackups: options.backup === true,
    stop,
    transport,
  };
}

/** Options that do not say what a run is about. */
interface Unrecorded {
  readonly resume?: unknown;
  readonly yes?: unknown;
  readonly quiet?: unknown;
  readonly verbose?: unknown;
}

function headOf({project, playbook: name, hosts}: Session, options: RecordedOptions): RunHead {
  const {resume, yes, quiet, verbose, ...kept}: RecordedOptions & Unrecorded = options;
  const inventory = options.inventory ?? defaultInventory(project);
  const started = project.now();
  return {
    format: 'infra-run',
    formatVersion: RECORD_VERSION,
    run: newRunName(started),
    started: started.toISOString(),
    operator: userInfo().username,
    machine: hostname(),
    process: processId,
    machineKey: machineKey(),
    version: packageVersion(),
    arguments: project.args,
    playbook: {file: options.playbook, name, digest: playbookDigest(options.playbook)},
    inventory: {file: inventory, digest: inventoryDigest(inventory)},
    options: {...kept, inventory},
    ...(options.resumes !== undefined && {resumes: options.resumes}),
    hosts: hosts.map((host) => host.name),
  };
}

/** Fields of events with diffs, which are made without secrets. */
const MASKED = ['diff', 'changes'];

/** Prints one object a line, and nothing else, to standard output. A closed pipe does not stop the run. */
function printer({stdout}: Project, run: string): (event: object) => void {
  return (event) => void stdout.write(`${visibleJson(JSON.stringify({run, ...event}))}\n`);
}

/** Characters of one attribute's change that are kept. */
const LONGEST = 20_000;

/** Characters of all changes of a run that are kept. */
const MOST = 8_000_000;

/**
 * Shortens the events of a run for the record and the output: the rest of large changes, and of very many, is counted.
 */
export function limitEvents(): (event: RunEvent) => RunEvent {
  let room = MOST;
  const keep = (whole: Diff): Diff => {
    const {diff, length} = cutDiff(whole, Math.min(LONGEST, room));
    room -= length;
    return diff;
  };
  return (event) => {
    if ('failure' in event) return {...event, failure: limitFailure(event.failure, keep)};
    return event.type === 'task-changed' && event.diff ? {...event, diff: event.diff.map(keep)} : event;
  };
}

function limitFailure(failure: Failure, keep: (diff: Diff) => Diff): Failure {
  if (failure.drift === undefined) return failure;
  const drift = failure.drift.map(({changes, ...known}) => ({...known, ...(changes && {changes: changes.map(keep)})}));
  return {...failure, drift};
}
