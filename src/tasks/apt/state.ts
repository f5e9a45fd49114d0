import type {AptReport, Offer} from './probe.js';
import {isVersion, type Package, type Ready} from './spec.js';

/** What the probe reported besides the attributes; a symbol keeps it out of comparison. */
export const REPORT = Symbol('report');

/** By package: `absent`, `installed` (a version where one matters), or a state between such as `half-configured`. */
export interface PackagesState {
  [attribute: string]: string;
  [REPORT]?: AptReport;
}

/** Attributes that are not packages; the space keeps them apart from names. */
const LISTS = 'package lists';
export const LAST_RUN = 'dpkg run';

/** The packages a task names; `null` when they should be absent and are. */
export function presentPackages(report: AptReport, ready: Ready): PackagesState | null {
  const packages = ready.packages.map((each): [string, string] => [each.name, stateOf(each, report, ready)]);
  if (ready.state === 'absent' && packages.every(([, state]) => state === 'absent')) return null;
  return {
    ...Object.fromEntries(packages),
    [LISTS]: report.lists ?? 'fresh',
    [LAST_RUN]: report.interrupted ? 'interrupted' : 'complete',
    [REPORT]: report,
  };
}

/**
 * Every package as asked for. What has to be fixed first is part of the desired state, so that a plan lists it: a run
 * of dpkg that was cut off, and lists too old to know what is newest.
 */
export function desiredPackages(ready: Ready, present: Partial<PackagesState>): Partial<PackagesState> {
  const packages = Object.fromEntries(
    ready.packages.map((each): [string, string] => [each.name, desiredVersion(each, ready, present)]),
  );
  const differs = Object.entries(packages).some(([name, desired]) => present[name] !== desired);
  return {
    ...packages,
    ...(ready.state === 'latest' && {[LISTS]: 'fresh'}),
    ...(differs && {[LAST_RUN]: 'complete'}),
  };
}

function stateOf(wanted: Package, report: AptReport, {state}: Ready): string {
  const names = wanted.name.includes(':')
    ? [wanted.name]
    : [`${wanted.name}:${report.architecture}`, `${wanted.name}:all`];
  const found = report.packages.find(({name, status}) => names.includes(name) && !GONE.includes(status));
  if (found === undefined) return isProvided(wanted, report) ? 'installed' : 'absent';
  if (found.status !== 'installed') return found.status;
  return state === 'latest' || wanted.version !== undefined ? found.version : 'installed';
}

const GONE = ['not-installed', 'config-files'];

/** A purely virtual package: one that exists itself is wanted itself. */
function isProvided({name, version}: Package, report: AptReport): boolean {
  return version === undefined && report.provided.has(name) && offerOf(name, report)?.candidate === undefined;
}

function desiredVersion({name, version}: Package, {state}: Ready, present: Partial<PackagesState>): string {
  const now = present[name] ?? 'absent';
  if (state === 'absent') return 'absent';
  if (version !== undefined) return isVersion(now, version) ? now : version;
  const candidate = candidateOf(name, present[REPORT]);
  if (state === 'latest') return candidate ?? (now === 'installed' ? now : 'latest');
  return now === 'absent' ? (candidate ?? 'installed') : 'installed';
}

/** The version that will come; undefined while the lists are to be refreshed first. */
function candidateOf(name: string, report: AptReport | undefined): string | undefined {
  return report?.lists === 'fresh' ? offerOf(name, report)?.candidate : undefined;
}

/** What apt offers for a name; it prints the host's own architecture without naming it. */
export function offerOf(name: string, {offers, architecture}: AptReport): Offer | undefined {
  return offers.get(name) ?? offers.get(name.replace(`:${architecture}`, ''));
}
