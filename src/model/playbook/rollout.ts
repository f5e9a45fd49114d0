import {SpecError} from '../diagnostic.js';
import {type Checks, custom, oneOrMany, optional} from './checks.js';

/** A number of hosts, or a share of a play's hosts (rounded down). */
export type Share = number | `${number}%`;

/** How far a play may go at a time, and how much may go wrong. */
export interface RolloutOptions {
  /**
   * Hosts at a time: the next batch begins when every host of the one before has ended the play and is found as
   * desired. In a list, the last entry holds for what is left: `[1, '25%']`. At least one host is in a batch.
   */
  readonly serial?: Share | readonly Share[] | undefined;
  /**
   * Hosts of the play, in all its batches together, that may fail or be unreachable. With more, no further host begins
   * the play, and plays that need it do not begin. Default 0 with `serial`; without it there is no such limit. Hosts
   * that are unreachable from the start count too: with one server of two down, the other is not taken down as well.
   */
  readonly maxFailures?: Share | undefined;
}

const share = custom<Share>("a number of hosts or 'NN%'", undefined, (value) =>
  ['number', 'string'].includes(typeof value),
);

/** What these options must be; {@link checkRollout} checks what they mean. */
export const ROLLOUT_OPTIONS: Checks<RolloutOptions> = {
  serial: optional(oneOrMany(share)),
  maxFailures: optional(share),
};

/** How a play goes over the hosts of a run. */
export interface Rollout {
  readonly play: string;
  /** Hosts in each batch, in order. One batch when the play has no `serial`. */
  readonly batches: readonly number[];
  /** As {@link RolloutOptions.maxFailures}, in hosts. */
  readonly maxFailures: number;
}

/** The rollout of a play over a number of hosts; undefined when it has neither option. */
export function rolloutOf(play: string, {serial, maxFailures}: RolloutOptions, hosts: number): Rollout | undefined {
  if (serial === undefined && maxFailures === undefined) return undefined;
  return {play, batches: batchesOf(serial, hosts), maxFailures: hostsIn(maxFailures ?? 0, hosts)};
}

/** Throws `SpecError` for options that have no meaning. */
export function checkRollout(play: string, {serial, maxFailures}: RolloutOptions): void {
  const sizes = [serial ?? []].flat();
  if (serial !== undefined && sizes.length === 0)
    throw new SpecError(`play "${play}": serial is an empty list`, SERIAL);
  const size = sizes.find((each) => !isShare(each) || Number.parseFloat(String(each)) === 0);
  if (size !== undefined)
    throw new SpecError(`play "${play}": serial is a number of hosts or 'NN%', not ${size}`, SERIAL);
  if (maxFailures === undefined || isShare(maxFailures)) return;
  const message = `play "${play}": maxFailures is a number of hosts or 'NN%', not ${maxFailures}`;
  throw new SpecError(message, "Write maxFailures: 1, or maxFailures: '25%' for a share of the hosts.");
}

const SERIAL = "Write serial: 1, or serial: '25%' for a share of the hosts.";

function isShare(share: Share): boolean {
  if (typeof share === 'number') return Number.isInteger(share) && share >= 0;
  return /^\d+(\.\d+)?%$/.test(share) && Number.parseFloat(share) <= 100;
}

function batchesOf(serial: RolloutOptions['serial'], hosts: number): number[] {
  const sizes = [serial ?? hosts].flat().map((share) => Math.max(1, hostsIn(share, hosts)));
  const batches: number[] = [];
  for (let left = hosts; left > 0; left -= batches.at(-1) ?? left) {
    batches.push(Math.min(left, sizes[batches.length] ?? sizes.at(-1) ?? left));
  }
  return batches;
}

const hostsIn = (share: Share, hosts: number) =>
  typeof share === 'number' ? share : Math.floor((Number.parseFloat(share) / 100) * hosts);
