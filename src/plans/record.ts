import {relative} from 'node:path';
import type {
  AttributeChange,
  Failure,
  HostPlan,
  JudgedHost,
  JudgedTask,
  PlannedTask,
  PlannedVerdict,
  Position,
  Seen,
  State,
} from '../model/index.js';
import {desiredDigest, presentDigest} from './digest.js';
import type {HostRecord, PlanRecord, RecordedState, TaskRecord} from './format.js';
import {commandsDigest, handlerDigest, notifiedBy, optionsDigest} from './intent.js';
import {type Encoding, ValueWriter} from './values.js';

/** How a plan is recorded. */
export interface RecordOptions extends Encoding {
  /** The project's directory: places in its files are held relative to it. */
  readonly root: string;
}

/** A host's plan, and what it was made from. */
export interface Recorded {
  readonly plan: HostPlan;
  readonly judged: JudgedHost;
}

/** A plan with states and digests, without a secret in any form: it is saved, and JSON is made from it. */
export function recordPlan(playbook: string, hosts: readonly Recorded[], recording: RecordOptions): PlanRecord {
  const writer = new ValueWriter(recording);
  const records = hosts.map((host) => new HostRecorder(host, writer, recording).record());
  return {playbook, hosts: records, contents: writer.contents};
}

class HostRecorder {
  readonly #plan: HostPlan;
  readonly #judged: JudgedHost;
  readonly #writer: ValueWriter;
  readonly #recording: RecordOptions;

  constructor({plan, judged}: Recorded, writer: ValueWriter, recording: RecordOptions) {
    this.#plan = plan;
    this.#judged = judged;
    this.#writer = writer;
    this.#recording = recording;
  }

  record(): HostRecord {
    const {failure, tasks, ...plan} = this.#plan;
    return {
      ...plan,
      ...(failure && {failure: this.#failure(failure)}),
      tasks: tasks.map((task, index) => this.#task(task, this.#judged.tasks[index])),
      ...this.#notified(),
    };
  }

  #task({at, verdict, ...planned}: PlannedTask, judged: JudgedTask | undefined): TaskRecord {
    const shown = {...planned, ...(at && {at: this.#place(at)}), verdict: this.#verdict(verdict)};
    if (judged === undefined) return shown;
    const seen = judged.seen ?? UNSEEN;
    const diff = judged.verdict.type === 'change' ? judged.verdict.diff : [];
    return {...shown, ...this.#states(seen, diff), ...this.#digests(judged, seen)};
  }

  #verdict(verdict: PlannedVerdict): PlannedVerdict {
    return verdict.type === 'failed' ? {...verdict, failure: this.#failure(verdict.failure)} : verdict;
  }

  #states(seen: Seen, diff: readonly AttributeChange[]): Pick<TaskRecord, 'before' | 'after'> {
    const hidden = new Set([...seen.sensitive, ...diff.filter(({sensitive}) => sensitive).map(({name}) => name)]);
    return {
      ...(seen.present !== undefined && {before: this.#state(seen.present, hidden)}),
      ...(seen.desired !== undefined && {after: this.#state(seen.desired, hidden)}),
    };
  }

  #state(state: State, hidden: ReadonlySet<string>): RecordedState {
    if (state === null) return null;
    const written = Object.entries(state).map(([name, each]) => [name, this.#writer.write(each, hidden.has(name))]);
    return Object.fromEntries(written.filter(([, value]) => value !== undefined));
  }

  #digests(
    {play, task, verdict}: JudgedTask,
    seen: Seen,
  ): Pick<TaskRecord, 'present' | 'desired' | 'runs' | 'options'> {
    const {digest} = this.#recording;
    if (digest === undefined) return {};
    const subject = JSON.stringify([this.#plan.host.name, play, task.type, task.id]);
    return {
      present: presentDigest(digest, subject, seen),
      desired: desiredDigest(digest, subject, seen),
      runs: commandsDigest(digest, subject, verdict),
      options: optionsDigest(digest, subject, task),
    };
  }

  #notified(): Pick<HostRecord, 'notified'> {
    const {digest, mask} = this.#recording;
    if (digest === undefined) return {};
    const notified = notifiedBy(this.#judged.tasks).map(({play, id, handlers}) => {
      const subject = JSON.stringify([this.#plan.host.name, play, id]);
      return {play, id: mask(id), digest: handlerDigest(digest, subject, handlers)};
    });
    return {notified};
  }

  /** Without a stack, which names places on this machine. */
  #failure({at, stack, ...failure}: Failure): Failure {
    return {...failure, ...(at && {at: this.#place(at)})};
  }

  #place({file, ...place}: Position): Position {
    return {file: relative(this.#recording.root, file), ...place};
  }
}

/** Of a task that could not be judged. */
const UNSEEN: Seen = {present: undefined, desired: undefined, sensitive: []};
