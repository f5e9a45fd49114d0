import type {Failure, FailureReason} from '../failure.js';
import type {RunEvent} from './event.js';

/** How a run ended on one host, as its events say. */
export interface HostResult {
  readonly host: string;
  /**
   * `interrupted`: stopped by the user, or its last event is the beginning of something. `unreachable`: nothing was
   * ever asked of it.
   */
  readonly status: 'ok' | 'changed' | 'failed' | 'unreachable' | 'interrupted';
  /** Tasks that changed something. */
  readonly changed: number;
  /** Handlers that ran. */
  readonly handlers: number;
  /** The sum of its steps, without what it spent waiting for other hosts. */
  readonly seconds: number;
  readonly failure?: Failure | undefined;
  /** Failures that the playbook says to ignore. They are shown, and change neither status nor exit code. */
  readonly ignored: readonly Failure[];
}

export interface Summary {
  /** In the order of their first events. */
  readonly hosts: readonly HostResult[];
  /**
   * 0: every host is as described. 130: one was interrupted. 1: one failed or was not reached, and none was
   * interrupted.
   */
  readonly exitCode: 0 | 1 | 130;
}

/** What a run came to, computed from its recorded events and from nothing else, the exit code too. */
export function summarise(events: readonly RunEvent[]): Summary {
  const tally = newTally();
  for (const event of events) tally.add(event);
  return tally.summary();
}

/** Counts events as they come, so that none has to be kept. */
export interface Tally {
  add(event: RunEvent): void;
  /** What they came to so far. */
  summary(): Summary;
}

export function newTally(): Tally {
  const counts = new Map<string, Count>();
  return {
    add: (event) => counts.set(event.host, counted(counts.get(event.host) ?? NOTHING, event)),
    summary: () => {
      const hosts = [...counts].map(([host, count]) => resultOf(host, count));
      return {hosts, exitCode: exitCodeOf(hosts)};
    },
  };
}

/** 130 is the exit code that shells give a command that Ctrl-C ended. */
function exitCodeOf(hosts: readonly HostResult[]): Summary['exitCode'] {
  if (hosts.some(({status}) => status === 'interrupted')) return 130;
  return hosts.every(({status}) => status === 'ok' || status === 'changed') ? 0 : 1;
}

/** What is known of a host from its events. */
interface Count extends Pick<HostResult, 'changed' | 'handlers' | 'seconds' | 'failure' | 'ignored'> {
  readonly isInterrupted: boolean;
  readonly last: RunEvent['type'] | undefined;
}

const NOTHING: Count = {
  changed: 0,
  handlers: 0,
  seconds: 0,
  failure: undefined,
  ignored: [],
  isInterrupted: false,
  last: undefined,
};

function counted(count: Count, event: RunEvent): Count {
  const {type} = event;
  return {
    changed: count.changed + (type === 'task-changed' ? 1 : 0),
    handlers: count.handlers + (type === 'handler-ran' ? 1 : 0),
    seconds: count.seconds + ('seconds' in event ? event.seconds : 0),
    failure: count.failure ?? (type === 'host-failed' ? event.failure : undefined),
    ignored: type === 'task-ignored' ? [...count.ignored, event.failure] : count.ignored,
    isInterrupted: count.isInterrupted || type === 'host-interrupted',
    last: type,
  };
}

function resultOf(host: string, count: Count): HostResult {
  const {changed, handlers, seconds, failure, ignored} = count;
  return {host, status: statusOf(count), changed, handlers, seconds, failure, ignored};
}

function statusOf({failure, isInterrupted, last, changed, handlers}: Count): HostResult['status'] {
  if (failure) return UNREACHABLE.has(failure.reason) ? 'unreachable' : 'failed';
  if (isInterrupted || !ENDS.has(last)) return 'interrupted';
  return changed + handlers > 0 ? 'changed' : 'ok';
}

const UNREACHABLE: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'authentication-failed',
  'host-key-unknown',
  'host-key-changed',
]);

/** Events after which a host may be left: a dry run ends with `host-planned`. */
const ENDS: ReadonlySet<RunEvent['type'] | undefined> = new Set(['host-planned', 'host-verified', 'host-finished']);
