import type {RunEvent} from './event.js';
import type {Failure, FailureReason} from './failure.js';

/** How a run ended on one host, as its events tell. */
export interface HostResult {
  readonly host: string;
  /** `interrupted`: stopped by the user, or its last event is the beginning of something. `unreachable`: nothing was ever asked of it. */
  readonly status: 'ok' | 'changed' | 'failed' | 'unreachable' | 'interrupted';
  /** Tasks that changed something. */
  readonly changed: number;
  /** Handlers that ran. */
  readonly handlers: number;
  /** The sum of its steps, without what it spent waiting for other hosts. */
  readonly seconds: number;
  readonly failure?: Failure | undefined;
  /** Failures that the playbook says to ignore. They are told, and change neither status nor exit code. */
  readonly ignored: readonly Failure[];
}

export interface Summary {
  /** In the order of their first events. */
  readonly hosts: readonly HostResult[];
  /** 0: every host is as described. 130: one was left half way. 1: one failed or was not reached, and none left half way. */
  readonly exitCode: 0 | 1 | 130;
}

/** What a run came to, computed from its recorded events and from nothing else, the exit code too. */
export function summarise(events: readonly RunEvent[]): Summary {
  const byHost = new Map<string, RunEvent[]>(events.map(({host}) => [host, []]));
  for (const event of events) byHost.get(event.host)?.push(event);
  const hosts = [...byHost].map(([host, own]) => resultOf(host, own));
  return {hosts, exitCode: exitCodeOf(hosts)};
}

/** 130 is what shells say of a command that Ctrl-C ended. */
function exitCodeOf(hosts: readonly HostResult[]): Summary['exitCode'] {
  if (hosts.some(({status}) => status === 'interrupted')) return 130;
  return hosts.every(({status}) => status === 'ok' || status === 'changed') ? 0 : 1;
}

function resultOf(host: string, events: readonly RunEvent[]): HostResult {
  const failure = events.find((event) => event.type === 'host-failed')?.failure;
  const changed = events.filter(({type}) => type === 'task-changed').length;
  const handlers = events.filter(({type}) => type === 'handler-ran').length;
  const seconds = events.reduce((sum, event) => sum + ('seconds' in event ? event.seconds : 0), 0);
  const ignored = events.flatMap((event) => (event.type === 'task-ignored' ? [event.failure] : []));
  return {host, status: statusOf(events, failure, changed + handlers), changed, handlers, seconds, failure, ignored};
}

function statusOf(events: readonly RunEvent[], failure: Failure | undefined, changes: number): HostResult['status'] {
  if (failure) return UNREACHABLE.has(failure.reason) ? 'unreachable' : 'failed';
  if (events.some(({type}) => type === 'host-interrupted') || !ENDS.has(events.at(-1)?.type)) return 'interrupted';
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
