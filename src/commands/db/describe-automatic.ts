import {type DatabaseSite, findPrimary, follows} from '../../database/site.js';
import type {FailoverRecord, WatcherNode, WatcherStatus} from '../../database/watcher.js';

/** Automatic failover, for people and programs. */
export interface AutomaticStatus {
  readonly watchers: readonly WatcherWords[];
  /** The newest failover that any of them has begun. */
  readonly last: LastFailover | null;
}

/** One host that fails over by itself. */
export interface WatcherWords {
  readonly name: string;
  /** Whether it would promote a replica if the primary were lost now. */
  readonly acts: boolean;
  readonly words: string;
}

/** A failover that a service has begun. */
export interface LastFailover extends Omit<FailoverRecord, 'time'> {
  /** The host that began it. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The next command, or null when nothing is left to do. */
  readonly next: string | null;
}

/** A problem and the next step. */
interface AutomaticProblem {
  readonly message: string;
  readonly hint: string;
}

/** What the services say, put together; undefined where there are none. */
export function automaticStatus(site: DatabaseSite, watchers: readonly WatcherNode[]): AutomaticStatus | undefined {
  if (watchers.length === 0) return undefined;
  const newest = watchers
    .flatMap(({host, report}) => (report?.record ? [{...report.record, by: host.name}] : []))
    .toSorted((one, other) => other.time - one.time)[0];
  return {
    watchers: watchers.map((each) => ({name: each.host.name, ...wordsOf(each)})),
    last: newest ? {...newest, time: new Date(newest.time * 1000).toISOString(), next: nextOf(newest, site)} : null,
  };
}

function wordsOf({report, failure}: WatcherNode): Omit<WatcherWords, 'name'> {
  if (!report) return {acts: false, words: `does not answer: ${failure?.message ?? 'it was not reached'}`};
  const {unit, status} = report;
  if (unit !== 'active') return {acts: false, words: `does not run (${unit})`};
  if (!status) return {acts: false, words: 'has just started'};
  const {lost, reason, faults} = status;
  if (lost !== '')
    return {acts: reason === '', words: reason === '' ? `replaces ${lost}` : `does not replace ${lost}: ${reason}`};
  const why = reason || faults;
  return why === ''
    ? {acts: true, words: 'watches'}
    : {acts: false, words: `watches, and would do nothing now: ${why}`};
}

/** A server that was replaced stays read-only until it is attached to the new primary. */
function nextOf({phase, from}: FailoverRecord, site: DatabaseSite): string | null {
  if (phase !== 'done') return null;
  const found = findPrimary(site);
  const old = site.servers.find(({host}) => host.name === from);
  if (!old || found.state !== 'serving' || found.node.host === old.host) return null;
  return follows(old, found.node) ? null : `infra db rejoin ${from}`;
}

/** What needs an operator, besides the servers' own problems. */
export function automaticProblems(site: DatabaseSite, watchers: readonly WatcherNode[]): readonly AutomaticProblem[] {
  return [...watchers.flatMap((each) => watcherProblems(each, site)), ...disagreements(watchers)];
}

function watcherProblems({host, report, failure}: WatcherNode, site: DatabaseSite): readonly AutomaticProblem[] {
  const {name} = host;
  const again = `infra apply --limit ${name}`;
  if (!report) {
    const message = `automatic failover: ${name} does not answer: ${failure?.message ?? 'it was not reached'}`;
    return [{message, hint: `Start it, then: ${again}`}];
  }
  const {unit, status, record} = report;
  if (unit !== 'active') return [{message: `automatic failover does not run on ${name} (${unit})`, hint: again}];
  const problems = status ? statusProblems(name, status, site) : [];
  if (record?.phase !== 'begun' && record?.phase !== 'promoting') return problems;
  const to = record.to === '' ? '' : ` to ${record.to}`;
  const message = `a failover from ${record.from}${to} by ${name} has not ended${record.result && `: ${record.result}`}`;
  return [...problems, {message, hint: 'It goes on by itself; if it does not end: infra db failover'}];
}

function statusProblems(name: string, {lost, reason, silent, faults}: WatcherStatus, site: DatabaseSite) {
  const unheard = site.servers.filter(({host, report}) => report && silent.includes(host.name));
  return [
    ...(lost !== '' && reason !== ''
      ? [{message: `${name} does not replace ${lost} by itself: ${reason}`, hint: 'infra db failover'}]
      : []),
    ...unheard.map(({host}) => ({
      message: `${name} does not hear ${host.name}, which answers infra`,
      hint: `To open the port of its health: infra apply --limit ${host.name}`,
    })),
    ...(faults === '' ? [] : [{message: `${name} could not fail over: ${faults}`, hint: 'infra apply'}]),
  ];
}

/** Two services that see different things: one of them would do what the other one would not. */
function disagreements(watchers: readonly WatcherNode[]): readonly AutomaticProblem[] {
  const lost = watchers.flatMap(({host, report}) => {
    const {status} = report ?? {};
    return status ? [{name: host.name, lost: status.lost}] : [];
  });
  const seeing = lost.filter((each) => each.lost !== '');
  const others = lost.filter((each) => each.lost !== seeing[0]?.lost);
  if (seeing.length === 0 || others.length === 0) return [];
  const names = (nodes: readonly {readonly name: string}[]) => nodes.map(({name}) => name).join(' and ');
  const message = `${names(seeing)} takes ${seeing[0]?.lost} to be lost, and ${names(others)} does not`;
  return [{message, hint: 'Read the journal of database-failover on each of them.'}];
}
