import {HostError, oneOrCounted} from '../model/index.js';
import {sh} from '../shell/index.js';
import {runStatements, type ServerFamily} from '../tasks/mysql/client.js';
import {waitForNone} from '../tasks/mysql/writes.js';
import {release} from './balancer-steps.js';
import {noteEnd} from './ended.js';
import {runEvents} from './events.js';
import {followed} from './followed.js';
import {subtract} from './gtid.js';
import {deleteJournal, type OperationJournal, writeJournal} from './journal.js';
import type {OperationStep} from './operation.js';
import {promiseOf} from './promise.js';
import type {ServerReport} from './report.js';
import {attach, detach, openPrimary, reportOf, stopsWaitingLate, waitForReplicas} from './server-steps.js';
import {type AnsweringNode, answering, type DatabaseSite} from './site.js';

/** What becomes the primary, and what follows it. */
export interface Promotion {
  readonly site: DatabaseSite;
  readonly candidate: AnsweringNode;
  /** Servers that are attached to it. They are read-only. */
  readonly followers: readonly AnsweringNode[];
  /** Replicas that receive from it already; default 0. */
  readonly attached?: number;
  /** Names of servers that must get no more clients. */
  readonly old: readonly string[];
  /** Reports of closed servers, by name, all of whose transactions the candidate has: they are not compared again. */
  readonly known?: ReadonlyMap<string, ServerReport>;
  readonly entry: Omit<OperationJournal, 'phase'>;
  /**
   * By the user's consent a follower may turn out to have what the candidate lacks: it is left with data of its own, and
   * writes wait for the others.
   */
  readonly mayLeave?: boolean;
}

/** Replicas that writes of the new primary wait for. Fewer than the playbook says where fewer are left. */
export function acksAfter({site, followers, attached = 0}: Pick<Promotion, 'site' | 'followers' | 'attached'>): number {
  return Math.min(site.acks, followers.length + attached);
}

/**
 * The steps from the point of no return on: they make the candidate the primary, attach the others to it, and open
 * writes when enough of them can acknowledge. Each can be done again: the next run finishes them after a kill. The first
 * one is in time while clients still write.
 */
export function promotionSteps(promotion: Promotion): readonly OperationStep[] {
  const {site, candidate, followers, old, entry, known} = promotion;
  const {name} = candidate.host;
  const {family} = site;
  const acks = acksAfter(promotion);
  // Clients wait for those that are needed, and for the old primary: it must not look like one any longer.
  const needed = promotion.mayLeave ? followers.length : Math.max(1, acks);
  const [first, rest] = [followers.slice(0, needed), followers.slice(needed)];
  const left = new Set<string>();
  const acksNow = () => Math.min(site.acks, followers.length + (promotion.attached ?? 0) - left.size);
  const check = followed(promotion, left);
  return [
    ...independence(promotion),
    ...first.map((node) => follow(node, promotion, left)),
    ...(acks > 0 ? [acknowledged(promotion, acksNow)] : []),
    {
      host: name,
      text: 'take writes',
      run: async (hosts) => void (await hosts.ask(name, openPrimary(family, acksNow()))),
    },
    ...site.balancers.filter(({isReached}) => isReached).map((balancer) => release(balancer, name, old)),
    ...(known && site.acks > 0 && stopsWaitingLate(family) ? old.map((each) => waitsNoLonger(each, family)) : []),
    ...rest.map((node) => follow(node, promotion, left)),
    runEvents(name, family),
    ...(check ? [check] : []),
    noteEnd(name, entry),
  ];
}

/** The candidate becomes a server of its own: before it the journal says so, after it nothing is taken back. */
function independence(promotion: Promotion): readonly OperationStep[] {
  const {site, candidate, entry} = promotion;
  const {name} = candidate.host;
  const acks = acksAfter(promotion);
  return [
    {
      host: name,
      text: 'note in the journal that what follows must be finished',
      run: async (hosts) => void (await hosts.ask(name, writeJournal({...entry, phase: 'promoting'}))),
      undo: {text: 'note in the journal', run: (hosts) => hosts.ask(name, deleteJournal)},
    },
    {
      host: name,
      text: 'stop replicating: it is a server of its own, still read-only (the point of no return)',
      isFinal: true,
      run: async (hosts) => {
        const wait = acks > 0 ? sh` && ${waitForReplicas(site.family, acks)}` : '';
        await hosts.ask(name, sh`${detach(site.family)}${wait}`);
        return undefined;
      },
    },
  ];
}

function follow(
  {host}: AnsweringNode,
  {site, candidate, mayLeave, known}: Promotion,
  left: Set<string>,
): OperationStep {
  return {
    host: host.name,
    text: `replicate from ${candidate.host.name}`,
    isParallel: true,
    run: async (hosts) => {
      // In this order: what it receives in between would look as if it alone had it.
      const before = known?.get(host.name);
      const now = before ?? (await reportOf(host.name, hosts));
      const source = before ?? (await reportOf(candidate.host.name, hosts));
      // What it has only received would be lost when it is attached.
      const ghosts = subtract(now.received, source.executed);
      if (mayLeave && (now.mustSeed || ghosts.count !== 0)) left.add(host.name);
      if (now.mustSeed) return `not attached: its data is from before a restore. Then: infra db seed ${host.name}`;
      if (ghosts.count !== 0) return `not attached: it alone has ${ghosts.text}. Then: infra db rejoin ${host.name}`;
      const {semiSync} = now;
      const report = before ? {...now, semiSync: {...semiSync, waits: false}} : now;
      await hosts.ask(host.name, attach(site, candidate.address, report), {seconds: 60});
      return undefined;
    },
  };
}

/** {@link attach} does it for a server that is not known. */
function waitsNoLonger(host: string, family: ServerFamily): OperationStep {
  return {
    host,
    text: 'wait for no replica itself',
    isParallel: true,
    run: async (hosts) => void (await hosts.ask(host, runStatements(family, [waitForNone(family)]))),
  };
}

/** Seconds for replicas to connect: they have been attached just before. */
const CONNECTED_WITHIN = 30;

/** Waits for as many as are planned, or for those that could be attached. */
function acknowledged(promotion: Promotion, acksNow: () => number): OperationStep {
  const {site, candidate} = promotion;
  const {name} = candidate.host;
  return {
    host: name,
    text: `wait until ${oneOrCounted(acksAfter(promotion), 'replica')} can acknowledge writes`,
    run: async (hosts) => {
      const acks = acksNow();
      if (acks === 0) {
        await hosts.ask(name, runStatements(site.family, [waitForNone(site.family)]));
        return promiseOf(site, 0);
      }
      for (let tries = 0; tries < 10 * CONNECTED_WITHIN; tries++) {
        const {semiSync} = await reportOf(name, hosts);
        if (semiSync.connected >= acks) return undefined;
        await new Promise((done) => setTimeout(done, 100));
      }
      throw new HostError({
        reason: 'timed-out',
        message: `${oneOrCounted(acks, 'replica')} did not connect to ${name} within ${CONNECTED_WITHIN} s`,
        hint: 'To see what keeps it from connecting: infra db status',
      });
    },
  };
}

/** The operation that passed its point of no return and did not end, where there is one. */
export function unfinished(site: Pick<DatabaseSite, 'servers'>): AnsweringNode | undefined {
  return answering(site).find(isHalfPromoted);
}

/**
 * Whether a server was to become the primary, and the run ended before it was. One that still has a source was not
 * promoted: nothing is lost when the operation begins from the start, and much if its source has taken writes since.
 */
export function isHalfPromoted({report}: Pick<AnsweringNode, 'report'>): boolean {
  return report.journal?.phase === 'promoting' && report.following === undefined;
}
