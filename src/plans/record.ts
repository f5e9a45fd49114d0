import {relative} from 'node:path';
import {
  type AttributeChange,
  Content,
  type Failure,
  type HostPlan,
  type Plan,
  type PlannedTask,
  type Position,
  type Seen,
  type State,
} from '../model/index.js';
import {presentDigest, wishDigest} from './digest.js';
import type {HandlerRecord, HostRecord, PlanRecord, TaskRecord, Values} from './format.js';
import {commandsDigest, handlerDigest, notifiedBy, optionsDigest} from './intent.js';
import {type Encoding, ValueWriter} from './values.js';

/** How a plan is put on record. */
export interface Recording extends Encoding {
  /** The project's folder: places in its files are held relative to it. */
  readonly root: string;
  /** The lines that people see of a sensitive attribute's change. */
  show(change: AttributeChange, task: PlannedTask): readonly string[];
}

/** A plan as plain data, without a secret in any form: what is saved, and what JSON is made from. */
export function recordPlan(plan: Plan, recording: Recording): PlanRecord {
  const writer = new ValueWriter(recording);
  const hosts = plan.hosts.map((host) => new HostRecorder(host, writer, recording).record());
  return {playbook: plan.playbook, hosts, contents: writer.contents};
}

class HostRecorder {
  readonly #plan: HostPlan;
  readonly #writer: ValueWriter;
  readonly #recording: Recording;

  constructor(plan: HostPlan, writer: ValueWriter, recording: Recording) {
    this.#plan = plan;
    this.#writer = writer;
    this.#recording = recording;
  }

  record(): HostRecord {
    const {host, failure, tasks, skipped = [], rollouts = [], order = [], leftOver = []} = this.#plan;
    return {
      name: host.name,
      address: host.address,
      ...(failure && {failure: this.#failure(failure)}),
      tasks: tasks.map((task) => this.#task(task)),
      handlers: this.#handlers(),
      ...this.#notified(),
      ...(skipped.length > 0 && {skipped: skipped.map((each) => ({...this.#name(each), because: each.because}))}),
      ...(rollouts.length > 0 && {rollouts: rollouts.map((each) => ({...each, batches: [...each.batches]}))}),
      ...(order.length > 0 && {order: order.map(({play, needs}) => ({play, needs: [...needs]}))}),
      ...(leftOver.length > 0 && {leftOver: leftOver.map(({id, command}) => this.#handlerText(id, command))}),
    };
  }

  #name({play, task: {type, id, label}}: Pick<PlannedTask, 'play' | 'task'>) {
    return {play, type, id: this.#text(id), ...(label !== undefined && {label: this.#text(label)})};
  }

  #handlerText(id: string, command: string) {
    return {id: this.#text(id), command: this.#text(command)};
  }

  #task(planned: PlannedTask): TaskRecord {
    const {task, verdict} = planned;
    const seen = planned.seen ?? verdict.seen ?? seenIn(planned);
    const diff = verdict.type === 'change' ? verdict.diff : [];
    const shown = diff.filter(({sensitive}) => sensitive).map((change) => this.#shown(change, planned));
    const commands = verdict.type === 'change' ? verdict.commands.map((command) => this.#text(String(command))) : [];
    return {
      ...this.#name(planned),
      ...(task.delegateTo !== undefined && {delegateTo: task.delegateTo}),
      ...(task.ignoreErrors && {ignoreErrors: true}),
      action: verdict.type === 'change' ? verdict.action : verdict.type,
      ...(verdict.type === 'failed' && {failure: this.#failure(verdict.failure)}),
      ...(verdict.type === 'unknown' && {because: this.#text(verdict.because)}),
      ...(task.always && {always: true}),
      ...(task.notify.length > 0 && {notify: task.notify.map(({id}) => this.#text(id))}),
      ...(task.at && {at: this.#place(task.at)}),
      ...this.#states(seen, diff),
      changed: diff.map(({name}) => name),
      ...(shown.length > 0 && {shown: Object.fromEntries(shown)}),
      ...(commands.length > 0 && {commands}),
      ...this.#digests(planned, seen),
    };
  }

  #states(seen: Seen, diff: readonly AttributeChange[]): Pick<TaskRecord, 'before' | 'after'> {
    const hidden = new Set([...seen.sensitive, ...diff.filter(({sensitive}) => sensitive).map(({name}) => name)]);
    return {
      ...(seen.present !== undefined && {before: this.#state(seen.present, hidden)}),
      ...(seen.desired !== undefined && {after: this.#state(seen.desired, hidden)}),
    };
  }

  #state(state: State, hidden: ReadonlySet<string>): Values {
    if (state === null) return null;
    const written = Object.entries(state).map(([name, each]) => [name, this.#writer.write(each, hidden.has(name))]);
    return Object.fromEntries(written.filter(([, value]) => value !== undefined));
  }

  #shown(change: AttributeChange, planned: PlannedTask): [string, string[]] {
    return [change.name, this.#recording.show(change, planned).map((line) => this.#text(line))];
  }

  #digests(planned: PlannedTask, seen: Seen): Pick<TaskRecord, 'present' | 'wish' | 'runs' | 'options'> {
    const {digest} = this.#recording;
    if (digest === undefined) return {};
    const {play, task, verdict} = planned;
    const subject = JSON.stringify([this.#plan.host.name, play, task.type, task.id]);
    return {
      present: presentDigest(digest, subject, seen),
      wish: wishDigest(digest, subject, seen),
      runs: commandsDigest(digest, subject, verdict),
      options: optionsDigest(digest, subject, task),
    };
  }

  #handlers(): HandlerRecord[] {
    return this.#plan.handlers.map(({play, handler, because}) => {
      const {recover} = handler;
      const more = recover && {recover: this.#text(String(recover))};
      return {play, because, ...this.#handlerText(handler.id, String(handler.command)), ...more};
    });
  }

  #notified(): Pick<HostRecord, 'notified'> {
    const {digest} = this.#recording;
    if (digest === undefined) return {};
    const notified = notifiedBy(this.#plan.tasks).map(({play, id, handlers}) => {
      const subject = JSON.stringify([this.#plan.host.name, play, id]);
      return {play, id: this.#text(id), digest: handlerDigest(digest, subject, handlers)};
    });
    return {notified};
  }

  /** Without a stack, which names places on this machine. */
  #failure({at, stack, ...failure}: Failure): HostRecord['failure'] & {} {
    const masked = Object.entries(failure).map(([name, each]) => [
      name,
      typeof each === 'string' ? this.#text(each) : each,
    ]);
    // The same fields, each of the type it had.
    const {reason, message, ...rest} = Object.fromEntries(masked) as Failure;
    return {reason, message, ...rest, ...(at && {at: this.#place(at)})};
  }

  #place({file, ...place}: Position): Position {
    return {file: relative(this.#recording.root, file), ...place};
  }

  #text(text: string): string {
    return this.#recording.mask(text);
  }
}

/** For tasks that do not say what they have seen: what differs is all that is known. */
function seenIn({verdict}: PlannedTask): Seen {
  if (verdict.type !== 'change') return {present: undefined, desired: undefined, sensitive: []};
  const side = (pick: (change: AttributeChange) => AttributeChange['before']): State =>
    Object.fromEntries(verdict.diff.map((change) => [change.name, pick(change)]));
  const isSecret = ({sensitive, before}: AttributeChange) => sensitive && !(before instanceof Content);
  return {
    present: verdict.action === 'create' ? null : side(({before}) => before),
    desired: verdict.action === 'delete' ? null : side(({after}) => after),
    sensitive: verdict.diff.filter(isSecret).map(({name}) => name),
  };
}
