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
  type LeftOutTask,
  maskDeep,
  type PlannedTask,
  type PlannedVerdict,
  type SkippedTask,
  unreachable,
} from '../model/index.js';
import type {MaskText} from './content-lines.js';
import {describeChange} from './describe-change.js';

/**
 * Makes plain data without secrets from the result of planning. Texts are masked before they are compared, as a diff
 * cuts them into pieces; each change is compared once, however often it is asked for.
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
    const {rollouts = [], order = [], leftOver = [], notes = [], failure} = more;
    return {
      host: {name, address},
      tasks: tasks.map((task) => this.#task(task)),
      handlers: handlers.map((handler) => this.#handler(handler)),
      ...(skipped.length > 0 && {skipped: skipped.map((each) => this.#skipped(each))}),
      ...(rollouts.length > 0 && {rollouts}),
      ...(order.length > 0 && {order}),
      ...(leftOver.length > 0 && {leftOver: maskDeep(leftOver, this.#mask)}),
      ...(notes.length > 0 && {notes: maskDeep(notes, this.#mask)}),
      ...(failure && {failure: this.#failure(failure)}),
    };
  }

  /**
   * What a change alters of the thing with this id: short values first, because they would not be seen below a long
   * text.
   */
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

  /** Written without spreading: thousands of tasks with nothing to do cost next to nothing. */
  #task({play, task, verdict}: JudgedTask): PlannedTask {
    const {type, id, label, delegateTo, ignoreErrors, always, notify, at} = task;
    const planned: Writable<PlannedTask> = {play, type, id: this.#name(id), verdict: this.#verdict(verdict, id)};
    if (label !== undefined) planned.label = this.#name(label);
    if (delegateTo !== undefined) planned.delegateTo = delegateTo;
    if (ignoreErrors) planned.ignoreErrors = true;
    if (always) planned.always = true;
    if (notify.length > 0) planned.notify = notify.map((handler) => this.#name(handler.id));
    if (at) planned.at = at;
    return planned;
  }

  #verdict(verdict: Judged, id: string): PlannedVerdict {
    switch (verdict.type) {
      case 'unchanged':
        return UNCHANGED;
      case 'unknown':
        return {type: 'unknown', because: this.#mask(verdict.because)};
      case 'failed':
        return {type: 'failed', failure: this.#failure(verdict.failure)};
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

  #skipped({play, task: {type, id, label}, because}: LeftOutTask): SkippedTask {
    return {play, type, id: this.#name(id), ...(label !== undefined && {label: this.#name(label)}), because};
  }

  /** Without what is not set. */
  #failure(failure: Failure): Failure {
    return maskDeep(failure, this.#mask);
  }

  #name(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const masked = this.#mask(name);
    this.#names.set(name, masked);
    return masked;
  }
}

type Change = Judged & {readonly type: 'change'};

type Writable<T> = {-readonly [Name in keyof T]: T[Name]};

const UNCHANGED: PlannedVerdict = {type: 'unchanged'};
