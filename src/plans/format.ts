import {z} from 'zod';
import {diffCheck} from '../diff/check.js';
import type {Failure, HostPlan, Plan, PlannedTask} from '../model/index.js';

/** The format that this version writes. A reader refuses another major number and ignores unknown fields. */
export const FORMAT_VERSION = '2.0';

const MAJOR = Number.parseInt(FORMAT_VERSION, 10);

/** Whether a plan of this format can be read here. */
export const isReadable = (version: string) => Number.parseInt(version, 10) === MAJOR;

/**
 * The value of an attribute. `{content}`: text, in the plan's `contents` under this name. `{sha256, size}`: bytes that
 * are not held, because they are large or not text. `{sensitive}`: a secret, of which only a keyed digest is held, in a
 * saved plan.
 */
const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.object({content: z.string()}),
  z.object({sha256: z.string(), size: z.number(), binary: z.literal(true).optional()}),
  z.object({sensitive: z.literal(true), digest: z.string().optional()}),
]);

/** `null`: the thing does not exist. */
const state = z.record(z.string(), value).nullable();

const position = z.object({file: z.string(), line: z.number(), column: z.number()});

const name = {play: z.string(), type: z.string(), id: z.string(), label: z.string().optional()};

const looseFailure = z.looseObject({reason: z.string(), message: z.string(), at: position.optional()});

/** A failure as `model/failure.ts` describes it, of which a plan needs no more than to show it. */
const failure = looseFailure as unknown as z.ZodType<Failure>;

/** What `model/plan/plan.ts` says of a task's verdict, but for `diff`: numbers of the plan's `diffs`. */
const verdict = z.discriminatedUnion('type', [
  z.object({type: z.literal('unchanged')}),
  z.object({
    type: z.literal('change'),
    action: z.enum(['create', 'update', 'delete', 'run']),
    diff: z.array(z.int()),
    commands: z.array(z.string()),
  }),
  z.object({type: z.literal('unknown'), because: z.string()}),
  z.object({type: z.literal('failed'), failure}),
]);

const task = z.object({
  ...name,
  delegateTo: z.string().optional(),
  ignoreErrors: z.boolean().optional(),
  always: z.boolean().optional(),
  notify: z.array(z.string()).optional(),
  at: position.optional(),
  verdict,
  /** The attributes that the task sets, as they are now; left out when they cannot be read yet. */
  before: state.optional(),
  after: state.optional(),
  /** Keyed digest of the present state that it was judged by. Only in a file. */
  present: z.string().optional(),
  /** Keyed digest of the desired state. Only in a file. */
  desired: z.string().optional(),
  /** Keyed digest of the commands that its change would run, secrets and all. Only in a file. */
  runs: z.string().optional(),
  /** Keyed digest of the options by which it is done. Only in a file. */
  options: z.string().optional(),
});

const handler = z.object({
  play: z.string(),
  id: z.string(),
  because: z.enum(['change', 'known-after-apply', 'pending']),
  command: z.string(),
  recover: z.string().optional(),
});

const host = z.object({
  host: z.object({name: z.string(), address: z.string()}),
  failure: failure.optional(),
  tasks: z.array(task),
  handlers: z.array(handler),
  /** Keyed digests of what all handlers run that its tasks notify, due or not. Only in a file. */
  notified: z.array(z.object({play: z.string(), id: z.string(), digest: z.string()})).optional(),
  skipped: z.array(z.object({...name, because: z.enum(['when', 'tags', 'start-at-task', 'run-once'])})).optional(),
  rollouts: z.array(z.object({play: z.string(), batches: z.array(z.number()), maxFailures: z.number()})).optional(),
  order: z.array(z.object({play: z.string(), needs: z.array(z.string())})).optional(),
  leftOver: z.array(z.object({id: z.string(), command: z.string()})).optional(),
  notes: z.array(z.object({note: z.string(), isWarning: z.boolean()})).optional(),
});

const filedPlan = z.object({
  playbook: z.string(),
  hosts: z.array(host),
  /** Texts by the SHA-256 of what is held here, secrets masked. */
  contents: z.record(z.string(), z.string()),
  /** What differs, each once: many hosts have the same. */
  diffs: z.array(diffCheck),
});

/** A plan as a file has it, with its diffs apart. */
export type FiledPlan = z.infer<typeof filedPlan>;

/**
 * A saved plan: JSON, UTF-8, mode 0600. Digests are HMAC-SHA-256 under the project's plan key (the secret
 * `infra/plan-key`), so that no secret can be guessed from them; it holds no secret in any form.
 */
export const planFile = z.object({
  format: z.literal('infra-plan'),
  formatVersion: z.string(),
  infraVersion: z.string(),
  /** A UUID: it names the plan in the notes that hosts keep of applied plans. */
  id: z.uuid(),
  /** ISO 8601, UTC. */
  madeAt: z.string(),
  /** `user@machine`. */
  madeBy: z.string(),
  /** The options of `infra plan` that shape a run; paths as they were given. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  /** What the plan was made from, paths relative to the project's directory, with keyed digests. */
  files: z.array(
    z.object({
      path: z.string(),
      role: z.enum(['playbook', 'package', 'inventory', 'template', 'infra']),
      digest: z.string(),
    }),
  ),
  /** Proves that a key is the one of the plan. */
  keyCheck: z.string(),
  counts: z.record(z.string(), z.number()),
  plan: filedPlan,
  /** Keyed digest of all the rest, as compact JSON in this order. */
  seal: z.string(),
});

/** A saved plan as it is read. */
export interface PlanFile extends Omit<z.infer<typeof planFile>, 'plan'> {
  readonly plan: PlanRecord;
}

export type RecordedValue = z.infer<typeof value>;
export type RecordedState = z.infer<typeof state>;

/** A plan with what is needed to compare it with another one, and to give policies whole states. */
export interface PlanRecord extends Plan, Pick<FiledPlan, 'contents'> {
  readonly hosts: readonly HostRecord[];
}

export interface HostRecord extends HostPlan, Pick<FiledPlan['hosts'][number], 'notified'> {
  readonly tasks: readonly TaskRecord[];
}

/** Which of a task's fields a plan does not have. */
type Recorded = 'before' | 'after' | 'present' | 'desired' | 'runs' | 'options';

export interface TaskRecord extends PlannedTask, Pick<z.infer<typeof task>, Recorded> {}
