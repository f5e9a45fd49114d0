import {z} from 'zod';

/** The format that this version writes. A reader refuses another major number and ignores fields it does not know. */
export const FORMAT_VERSION = '1.1';

const MAJOR = Number.parseInt(FORMAT_VERSION, 10);

/** Whether a plan of this format can be read here. */
export const isReadable = (version: string) => Number.parseInt(version, 10) === MAJOR;

/**
 * The value of an attribute. `{content}`: text, in the plan's `contents` under this name. `{sha256, size}`: bytes that
 * are not held, because they are large or no text. `{sensitive}`: a secret, of which nothing is held but whether it is a
 * file's content and, in a saved plan, a keyed digest.
 */
const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.object({content: z.string()}),
  z.object({sha256: z.string(), size: z.number(), binary: z.literal(true).optional()}),
  z.object({sensitive: z.literal(true), file: z.literal(true).optional(), digest: z.string().optional()}),
]);

/** `null`: the thing does not exist. */
const state = z.record(z.string(), value).nullable();

const position = z.object({file: z.string(), line: z.number(), column: z.number()});

const name = {play: z.string(), type: z.string(), id: z.string(), label: z.string().optional()};

/** A failure as `model/failure.ts` describes it, of which a plan needs no more than to show it. */
const failure = z.looseObject({reason: z.string(), message: z.string()});

const task = z.object({
  ...name,
  /** The host on which it is done, when that is another one. */
  delegateTo: z.string().optional(),
  ignoreErrors: z.boolean().optional(),
  /** `run`: a command whose effect only the user knows. `unknown`: known after apply. */
  action: z.enum(['create', 'update', 'delete', 'run', 'unchanged', 'unknown', 'failed']),
  /** Why it could not be planned; then nothing would be done on its host. */
  failure: failure.optional(),
  /** Why it is known only after apply. */
  because: z.string().optional(),
  /** It changes something at every apply. */
  always: z.boolean().optional(),
  /** Handlers that run when it changes something. */
  notify: z.array(z.string()).optional(),
  at: position.optional(),
  /** The attributes that the task speaks of, as they are; left out when they cannot be read yet. */
  before: state.optional(),
  after: state.optional(),
  /** Which of them change, in the order in which they are shown. */
  changed: z.array(z.string()),
  /** For a sensitive attribute that changes: the lines that people see. */
  shown: z.record(z.string(), z.array(z.string())).optional(),
  /** Shell text as people see it. */
  commands: z.array(z.string()).optional(),
  /** Keyed digest of the present state that it was judged by. Only in a file. */
  present: z.string().optional(),
  /** Keyed digest of what it would be brought to. Only in a file. */
  wish: z.string().optional(),
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
  /** In its place after it failed. */
  recover: z.string().optional(),
});

const host = z.object({
  name: z.string(),
  address: z.string(),
  /** Why it could not be planned; then nothing would be done on it. */
  failure: failure.optional(),
  tasks: z.array(task),
  handlers: z.array(handler),
  /** Keyed digests of what all handlers run that its tasks notify, due or not. Only in a file. */
  notified: z.array(z.object({play: z.string(), id: z.string(), digest: z.string()})).optional(),
  /** Tasks that were not looked at. */
  skipped: z.array(z.object({...name, because: z.enum(['when', 'tags', 'start-at-task', 'run-once'])})).optional(),
  /** How plays go over their hosts: the number of hosts in each batch, and how many may fail. */
  rollouts: z.array(z.object({play: z.string(), batches: z.array(z.number()), maxFailures: z.number()})).optional(),
  /** Which plays each of its plays waits for, on all hosts. */
  order: z.array(z.object({play: z.string(), needs: z.array(z.string())})).optional(),
  /** Handlers that were due, and that nothing notifies any more. */
  leftOver: z.array(z.object({id: z.string(), command: z.string()})).optional(),
});

const record = z.object({
  playbook: z.string(),
  hosts: z.array(host),
  /** Texts by the SHA-256 of what is held here, secrets masked. */
  contents: z.record(z.string(), z.string()),
});

/**
 * A saved plan: JSON, UTF-8, mode 0600. Digests are HMAC-SHA-256 under the project's plan key (the secret
 * `infra/plan-key`), so that none can be guessed from; no secret stands in it in any form.
 */
export const planFile = z.object({
  format: z.literal('infra-plan'),
  formatVersion: z.string(),
  infraVersion: z.string(),
  /** A UUID: it names the plan in the notes of those who applied it. */
  id: z.uuid(),
  /** ISO 8601, UTC. */
  madeAt: z.string(),
  /** `user@machine`. */
  madeBy: z.string(),
  /** The options of `infra plan` that shape a run; paths as they were given. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  /** What the plan was made from, paths relative to the project's folder, with keyed digests. */
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
  plan: record,
  /** Keyed digest of all the rest, as compact JSON in this order. */
  seal: z.string(),
});

export type PlanFile = z.infer<typeof planFile>;
export type PlanRecord = z.infer<typeof record>;
export type HostRecord = z.infer<typeof host>;
export type TaskRecord = z.infer<typeof task>;
export type HandlerRecord = z.infer<typeof handler>;
export type Value = z.infer<typeof value>;
export type Values = z.infer<typeof state>;
