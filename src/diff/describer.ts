import {
  type AttributeChange,
  Content,
  type Diff,
  type DueHandler,
  type Failure,
  type HostPlan,
  type Judged,
  type JudgedHost,
  type JudgedTask,
  maskDeep,
  type PlannedTask,
  type PlannedVerdict,
  type Task,
  unreachable,
} from '../model/index.js';
import type {MaskText} from './content-lines.js';
import {describeChange} from './describe-change.js';

type Change = Judged & {readonly type: 'change'};

/**
 * Makes plain data without secrets of what planning comes to. Texts are masked before they are compared, as a diff cuts
 * them into pieces; each change is compared once, however often it is asked for.
 */
export class Describer {
  readonly #mask: MaskText;
  readonly #diffs = new WeakMap<readonly AttributeChange[], readonly Diff[]>();
  /** Names, of which many hosts have the same. */
  readonly #names = new Map<string, string>();

  /** `mask`: puts `(sensitive)` over every secret in a text. */
  constructor(mask: MaskText = (text) => text) {
    this.#mask = mask;
  }

  /** What would happen on a host. */
  host({host: {name, address}, tasks, handlers, skipped = [], ...more}: JudgedHost): HostPlan {
    const {rollouts = [], order = [], leftOver = [], failure} = more;
    return {
      host: {name, address},
      tasks: tasks.map((task) => this.#task(task)),
      handlers: handlers.map((handler) => this.#handler(handler)),
      ...(skipped.length > 0 && {skipped: skipped.map((each) => ({...this.#namesOf(each), because: each.because}))}),
      ...(rollouts.length > 0 && {rollouts}),
      ...(order.length > 0 && {order}),
      ...(leftOver.length > 0 && {leftOver: maskDeep(leftOver, this.#mask)}),
      ...(failure && {failure: this.failure(failure)}),
    };
  }

  /** What a change alters of the thing with this id: short values first, below a long text nobody would see them. */
  diff({action, diff}: Pick<Change, 'action' | 'diff'>, id: string): readonly Diff[] {
    const known = this.#diffs.get(diff);
    if (known) return known;
    const isLong = ({before, after}: AttributeChange) =>
      Number([before, after].some((each) => each instanceof Content));
    const sorted = diff.toSorted((left, right) => isLong(left) - isLong(right));
    const diffs = sorted.map((change) => describeChange(change, {action, id}, this.#mask));
    this.#diffs.set(diff, diffs);
    return diffs;
  }

  /** What differs in two states of the thing with this id. */
  difference(changes: readonly AttributeChange[], id: string): readonly Diff[] {
    return changes.map((change) => describeChange(change, {action: 'update', id}, this.#mask));
  }

  /** A failure without what is not set. */
  failure(failure: Failure): Failure {
    return maskDeep(failure, this.#mask);
  }

  #task({play, task, verdict}: JudgedTask): PlannedTask {
    const {delegateTo, ignoreErrors, always, notify, at} = task;
    return {
      ...this.#namesOf({play, task}),
      ...(delegateTo !== undefined && {delegateTo}),
      ...(ignoreErrors && {ignoreErrors}),
      ...(always && {always}),
      ...(notify.length > 0 && {notify: notify.map(({id}) => this.#name(id))}),
      ...(at && {at}),
      verdict: this.#verdict(verdict, task.id),
    };
  }

  #verdict(verdict: Judged, id: string): PlannedVerdict {
    switch (verdict.type) {
      case 'unchanged':
        return {type: 'unchanged'};
      case 'unknown':
        return {type: 'unknown', because: this.#mask(verdict.because)};
      case 'failed':
        return {type: 'failed', failure: this.failure(verdict.failure)};
      case 'change': {
        const commands = verdict.commands.map((command) => this.#mask(String(command)));
        return {type: 'change', action: verdict.action, diff: this.diff(verdict, id), commands};
      }
      default:
        return unreachable(verdict);
    }
  }

  #handler({play, handler: {id, command, recover}, because}: DueHandler) {
    const more = recover && {recover: this.#mask(String(recover))};
    return {play, id: this.#name(id), command: this.#mask(String(command)), ...more, because};
  }

  #namesOf({play, task: {type, id, label}}: {readonly play: string; readonly task: Task}) {
    return {play, type, id: this.#name(id), ...(label !== undefined && {label: this.#name(label)})};
  }

  #name(name: string): string {
    const masked = this.#names.get(name) ?? this.#mask(name);
    this.#names.set(name, masked);
    return masked;
  }
}
