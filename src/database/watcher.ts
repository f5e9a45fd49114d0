import {z} from 'zod';
import {type DatabaseFailoverDeclaration, type Failure, type Host, UnreadableReply} from '../model/index.js';
import {type Command, type Reply, sh} from '../shell/index.js';

/*
 * Automatic failover, as its services on the balancers tell of it: what each of them sees now, and its last failover.
 */

/** A host whose service fails over by itself. */
export interface WatcherNode {
  readonly host: Host;
  readonly report: WatcherReport | undefined;
  /** Why there is no report. */
  readonly failure: Failure | undefined;
}

/** What a service says. */
export interface WatcherReport {
  /** The state of its unit: `active`, `inactive`, `failed`, … */
  readonly unit: string;
  /** Undefined until it has seen the servers, and while it does not run. */
  readonly status: WatcherStatus | undefined;
  /** Undefined where it has never acted. */
  readonly record: FailoverRecord | undefined;
}

const status = z.object({
  /** The primary that it takes to be lost, or empty. */
  lost: z.string(),
  /** Why it promotes none, or would promote none if the primary were lost now; or empty. */
  reason: z.string(),
  /** Servers that it does not hear. */
  silent: z.string().transform((names) => names.split(' ').filter(Boolean)),
  /** What would keep it from acting, as it has tried; or empty. */
  faults: z.string(),
});

const record = z.object({
  /** `begun`: before the point of no return; `promoting`: after it; `undone`: taken back, or given up. */
  phase: z.enum(['begun', 'promoting', 'done', 'undone']),
  /** Seconds since 1970. */
  time: z.coerce.number(),
  from: z.string(),
  /** Empty until a server is chosen. */
  to: z.string(),
  /** Why it was begun. */
  why: z.string(),
  /** What came of it, or why it has not ended; or empty. */
  result: z.string(),
});

/** What a service sees now. */
export type WatcherStatus = z.infer<typeof status>;

/** The last failover of a service. */
export type FailoverRecord = z.infer<typeof record>;

/** Asks a host for the report of its service. */
export function watcherProbe({unit, record: recorded, status: seen}: DatabaseFailoverDeclaration): Command {
  return sh`printf 'unit: %s\n' "$(systemctl is-active ${unit})"
[ ! -f ${seen} ] || { printf 'status: '; tr -d '\n' <${seen}; echo; }
[ ! -f ${recorded} ] || { printf 'record: '; tr -d '\n' <${recorded}; echo; }`;
}

/** Throws `UnreadableReply` for an answer that is not understood. */
export function parseWatcher({stdout}: Pick<Reply, 'stdout'>): WatcherReport {
  const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(stdout)?.[1];
  const unit = line('unit') ?? '';
  if (unit === '') throw new UnreadableReply('the host does not say whether its service runs');
  return {unit, status: parsed(status, line('status')), record: parsed(record, line('record'))};
}

function parsed<Value>(schema: z.ZodType<Value>, text: string | undefined): Value | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UnreadableReply(`the service of automatic failover has written "${text.slice(0, 60)}"`);
  }
}
