import {
  Content,
  type Guard,
  type Handler,
  type HostPlan,
  type Judged,
  type JudgedTask,
  type Task,
} from '../model/index.js';
import {Command, Secret} from '../shell/index.js';
import {canonical, type Digest} from './digest.js';

/*
 * Everything that applying a plan would run, digested with the secrets in it, under a key, so that no secret can be
 * guessed from a digest. The text itself is compared, whether it comes from the playbook, a package that it imports or
 * a template.
 */

/** Digest of what a task's change runs: its commands with the validators in them, and how a guarded one is undone. */
export function commandsDigest(digest: Digest, subject: string, verdict: Judged): string {
  return digest(JSON.stringify(['commands', subject, intentOf(verdict)]));
}

/**
 * Digest of how a task is done: what it notifies, how often it is tried, what counts as success, and on which hosts.
 */
export function optionsDigest(digest: Digest, subject: string, task: Task): string {
  const {retries, delay, until, timeout, ignoreErrors, runOnce, delegateTo, always, restores} = task;
  const notify = task.notify.map(({id}) => id);
  const control = {retries, delay, timeout, ignoreErrors, runOnce, delegateTo, always, restores, notify};
  return digest(JSON.stringify(['options', subject, control, until && sourceOf(until)]));
}

/** Digest of what the handlers run that tasks of a play notify under one name, due or not, also after a failure. */
export function handlerDigest(digest: Digest, subject: string, handlers: readonly Handler[]): string {
  const texts = handlers.map(({command, recover}) => JSON.stringify([textOf(command), recover && textOf(recover)]));
  return digest(JSON.stringify(['handler', subject, [...new Set(texts)]]));
}

/** The order of plays and their batches of hosts, as a text to be compared. */
export const scheduleText = ({rollouts = [], order = []}: Pick<HostPlan, 'rollouts' | 'order'>) =>
  JSON.stringify([
    rollouts.map(({play, batches, maxFailures}) => [play, batches, maxFailures]),
    order.map(({play, needs}) => [play, needs]),
  ]);

/** What a play notifies under one name: one handler, unless its tasks disagree. */
export interface Notified {
  readonly play: string;
  readonly id: string;
  readonly handlers: readonly Handler[];
}

/** The handlers that tasks notify, due or not. */
export function notifiedBy(tasks: readonly JudgedTask[]): readonly Notified[] {
  const named = new Map<string, Notified>();
  for (const {play, task} of tasks) {
    for (const handler of task.notify) {
      const key = JSON.stringify([play, handler.id]);
      named.set(key, {play, id: handler.id, handlers: [...(named.get(key)?.handlers ?? []), handler]});
    }
  }
  return [...named.values()];
}

function intentOf(verdict: Judged): unknown {
  switch (verdict.type) {
    case 'change':
      return {
        commands: verdict.commands.map(textOf),
        late: verdict.late && [verdict.late.request],
        ...guardOf(verdict),
      };
    case 'unknown':
      return [plainSpec(verdict.spec), expectedOf(verdict)];
    default:
      return undefined;
  }
}

function guardOf({guard}: {readonly guard?: Guard}) {
  if (guard === undefined) return {};
  const {name, seconds, keep, restore, activate} = guard;
  return {guard: [name, seconds, ...[keep, restore, activate].map(textOf)]};
}

/** Without a state some task types know no commands: then the digest covers their spec alone. */
function expectedOf({expected}: Judged & {readonly type: 'unknown'}): unknown {
  try {
    const known = expected?.();
    return known && [canonical(known.desired), known.commands.map(textOf)];
  } catch {
    return 'unknown';
  }
}

const textOf = (command: Command) => command.reveal();

/** The spec of a task as plain data: secrets and commands in clear, and the text of code. It is only ever digested. */
function plainSpec(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'function') return {code: sourceOf(value as Code)};
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret || value instanceof Command) return {text: value.reveal()};
  if (value instanceof Content) return {sha256: value.sha256};
  if (value instanceof RegExp || value instanceof Date) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (above.includes(value)) return 'itself';
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((each) => plainSpec(each, inside));
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  const sorted = known.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([name, each]) => [name, plainSpec(each, inside)]);
}

type Code = (...values: never[]) => unknown;

/** Without white space: the same code is formatted differently when its types were not checked before. */
const sourceOf = (code: Code): string => String(code).replaceAll(/\s+/g, '');
