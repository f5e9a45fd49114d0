import type {RunEvent} from './event.js';
import type {Failure, FailureReason} from './failure.js';

/** How a run ended on one host, as its events tell. */
export interface HostResult {
  readonly host: string;
  /** `interrupted`: its last event is the beginning of something. `unreachable`: nothing was ever asked of it. */
  readonly status: 'ok' | 'changed' | 'failed' | 'unreachable' | 'interrupted';
  /** Tasks that changed something. */
  readonly changed: number;
  /** Handlers that ran. */
  readonly handlers: number;
  /** The sum of its steps, without what it spent waiting for other hosts. */
  readonly seconds: number;
  readonly failure?: Failure | undefined;
}

export interface Summary {
  /** In the order of their first events. */
  readonly hosts: readonly HostResult[];
  /** 0: every host is as described. 1: one failed, was not reached, or was left half way. */
  readonly exitCode: 0 | 1;
}

/** What a run came to, computed from its recorded events and from nothing else, the exit code too. */
export function summarise(events: readonly RunEvent[]): Summary {
  const byHost = new Map<string, RunEvent[]>(events.map(({host}) => [host, []]));
  for (const event of events) byHost.get(event.host)?.push(event);
  const hosts = [...byHost].map(([host, own]) => resultOf(host, own));
  const fine = hosts.every(({status}) => status === 'ok' || status === 'changed');
  return {hosts, exitCode: fine ? 0 : 1};
}

function resultOf(host: string, events: readonly RunEvent[]): HostResult {
  const failure = events.find((event) => event.type === 'host-failed')?.failure;
  const changed = events.filter(({type}) => type === 'task-changed').length;
  const handlers = events.filter(({type}) => type === 'handler-ran').length;
  const seconds = events.reduce((sum, event) => sum + ('seconds' in event ? event.seconds : 0), 0);
  return {host, status: statusOf(events, failure, changed + handlers), changed, handlers, seconds, failure};
}

function statusOf(events: readonly RunEvent[], failure: Failure | undefined, changes: number): HostResult['status'] {
  if (failure) return UNREACHABLE.has(failure.reason) ? 'unreachable' : 'failed';
  if (!ENDS.has(events.at(-1)?.type)) return 'interrupted';
  return changes > 0 ? 'changed' : 'ok';
}

const UNREACHABLE: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'authentication-failed',
  'host-key-unknown',
  'host-key-changed',
]);

/** Events after which a host may be left: a dry run ends with `host-planned`. */
const ENDS: ReadonlySet<RunEvent['type'] | undefined> = new Set(['host-planned', 'host-verified', 'host-finished']);
