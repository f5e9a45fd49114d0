import {note, warning} from '../model/index.js';
import {endedBefore, forgetEnd} from './ended.js';
import {closed, fenced, finished, revocation} from './failover-steps.js';
import {finishPromotion} from './finish-promotion.js';
import {contains, count, holdsAll} from './gtid.js';
import type {Operation} from './operation.js';
import {lifeNotes, lossNotes, lossPossible, lossRefused, promiseNote} from './promise.js';
import {acksAfter, type Promotion, promotionSteps, unfinished} from './promotion.js';
import {refuseOperation, refuseServer, serverNamed} from './refusals.js';
import {
  type AnsweringNode,
  answering,
  type DatabaseNode,
  type DatabaseSite,
  findPrimary,
  follows,
  holdsData,
  namesOf,
  sayOf,
} from './site.js';

/** What the user has chosen. */
export interface FailoverChoice {
  /** The server to promote. Default: the one that has received most. */
  readonly to?: string | undefined;
  /** Acknowledged writes may be lost. */
  readonly acceptLoss: boolean;
  /** The run's name. */
  readonly run: string;
}

/**
 * Plans to promote a replica whose primary is down. No write that was acknowledged is lost where writes wait for replicas
 * (semi-synchronous replication) and enough replicas answer: first enough of them stop receiving that the old primary,
 * even if it only seems dead, can acknowledge nothing more; then the one that has received everything executes all of it;
 * only then is it promoted. Throws `InputError` where acknowledged writes could be lost, unless `acceptLoss`.
 */
export function planFailover(site: DatabaseSite, choice: FailoverChoice): Operation {
  const half = unfinished(site);
  if (half) return finishPromotion(site, half, choice.run);
  const ended = endedBefore(site, 'failover', choice.to);
  if (ended) return ended;
  const found = findPrimary(site);
  if (found.state === 'several') {
    throw refuseOperation(`${namesOf(found.nodes).join(' and ')} all take writes`, 'Compare them: infra db status');
  }
  if (found.state === 'serving') return replacing(site, found.node, choice);
  const old = found.state === 'none' ? undefined : found.node;
  const isMeant = choice.to === undefined ? !old || !isBegun(site, old) : choice.to === old?.host.name;
  if (old?.report && isMeant) return reopening(site, {...old, report: old.report}, choice);
  return promoting(site, old, choice);
}

/** The primary takes writes: it is replaced only if too few replicas receive them, which then no switchover can wait for. */
function replacing(site: DatabaseSite, old: AnsweringNode, choice: FailoverChoice): Operation {
  const {name} = old.host;
  const followers = answering(site).filter((node) => follows(node, old));
  const receiving = followers.filter(({report}) => report.following?.io === 'yes');
  const isCut = followers.length > 0 && receiving.length < Math.max(1, old.report.semiSync.acks);
  if (isCut && choice.to !== name) return promoting(site, old, choice);
  throw refuseOperation(
    `the primary ${name} is up and takes writes`,
    'To make another one the primary: infra db switchover',
  );
}

/** Whether a failover from a primary that answers has ended after it had closed it: then it is not to be opened again. */
function isBegun(site: DatabaseSite, old: DatabaseNode): boolean {
  return answering(site).some(
    (node) =>
      follows(node, old) && node.report.journal?.operation === 'failover' && node.report.journal.phase === 'begun',
  );
}

/** The primary is up and closed, as after a restart that nothing has confirmed. */
function reopening(site: DatabaseSite, old: AnsweringNode, {run, acceptLoss}: FailoverChoice): Operation {
  const others = answering(site).filter((node) => node.host !== old.host && holdsData(node));
  const ahead = others.filter(({report}) => !contains(old.report.executed, report.received));
  const away = site.servers.filter(({host, report}) => host !== old.host && report === undefined);
  const name = old.host.name;
  if (ahead.length > 0) {
    const message = `${sayOf(ahead, 'has', 'have')} transactions that ${name} lacks`;
    throw refuseOperation(message, `Promote that one: infra db failover ${ahead[0]?.host.name}`);
  }
  if (away.length > 0 && !acceptLoss) {
    const message = `${sayOf(away, 'does', 'do')} not answer, and may have been promoted in its place`;
    throw refuseOperation(message, `If you know that it was not: infra db failover ${name} --accept-loss`);
  }
  const followers = others.filter((node) => !follows(node, old) || node.report.following?.io !== 'yes');
  const promotion: Promotion = {
    site,
    candidate: old,
    followers,
    attached: others.length - followers.length,
    old: [],
    entry: {operation: 'failover', run, to: name},
  };
  return {
    name: 'failover',
    title: `failover: ${name} takes writes again`,
    notes: [promiseNote(site, acksAfter(promotion))],
    steps: promotionSteps(promotion),
    done: `${name} takes writes again.`,
    forget: forgetEnd(name),
  };
}

function promoting(site: DatabaseSite, old: DatabaseNode | undefined, choice: FailoverChoice): Operation {
  const replicas = answering(site).filter((node) => node.host !== old?.host && holdsData(node));
  // One that does not follow the old primary, such as an older one with ghosts, is behind for certain.
  const heirs = replicas.filter((node) => !node.report.mustSeed && (!old || follows(node, old)));
  const named = replicas.find(({host}) => host.name === choice.to);
  if (choice.to !== undefined && !named) throw unknownTarget(site, choice.to);
  if (named?.report.mustSeed && !choice.acceptLoss) throw beforeRestore(named);
  const serving = old?.report && !old.report.isReadOnly ? {...old, report: old.report} : undefined;
  const candidate = named ?? mostReceived(serving ? receivingFirst(heirs) : heirs);
  if (!candidate) throw refuseOperation('no replica answers', 'To see why: infra db status');
  const missing = lossPossible(site, old, replicas);
  if (missing !== undefined && !choice.acceptLoss) throw lossRefused(missing, serving, candidate);
  const name = candidate.host.name;
  const others = heirs.filter((node) => node !== candidate);
  const followers = attachable(replicas, candidate, heirs);
  const promotion: Promotion = {
    ...{site, candidate, followers, old: old ? [old.host.name] : []},
    entry: {operation: 'failover', run: choice.run, to: name},
    mayLeave: choice.acceptLoss,
  };
  return {
    name: 'failover',
    title: old ? `failover: ${old.host.name} → ${name}` : `failover: ${name} becomes the primary`,
    notes: [
      ...lossNotes(old, replicas, missing),
      ...lifeNotes(old, heirs, candidate, missing),
      ...notesFor(promotion, old),
    ],
    steps: [
      ...revocation(site, replicas, promotion, serving ? [closed(site, serving, candidate)] : []),
      finished(site, candidate, others, choice.acceptLoss),
      ...(old?.isReached && !serving ? [fenced(site, old, missing === undefined)] : []),
      ...promotionSteps(promotion),
    ],
    done: old
      ? `${name} is the primary now. ${old.host.name} can acknowledge nothing more; still to do when it is back: infra db rejoin ${old.host.name}`
      : `${name} is the primary now.`,
    forget: forgetEnd(name),
  };
}

/** Those that can follow the candidate, as far as that is known before they have stopped receiving. */
function attachable(replicas: readonly AnsweringNode[], candidate: AnsweringNode, heirs: readonly AnsweringNode[]) {
  const isKnown = ({report}: AnsweringNode) => contains(candidate.report.received, report.received);
  const fit = replicas.filter((node) => heirs.includes(node) || isKnown(node));
  return fit.filter((node) => node !== candidate && !node.report.mustSeed);
}

function beforeRestore({host: {name}}: AnsweringNode) {
  return refuseOperation(
    `the data of ${name} is from before a restore`,
    `Promote another one, or accept the loss of all writes since then: infra db failover ${name} --accept-loss`,
  );
}

function unknownTarget(site: DatabaseSite, to: string) {
  const {host} = serverNamed(site, to);
  return refuseServer(site, `${host.name} does not answer, or holds no data`);
}

/** Of several that have received everything, one that can execute it. */
function mostReceived(replicas: readonly AnsweringNode[]): AnsweringNode | undefined {
  const everything = replicas.map(({report}) => report.received);
  const full = replicas.filter((node) => holdsAll(node.report.received, everything));
  const able = full.find(({report}) => report.following?.sql || contains(report.executed, report.received));
  const most = [...replicas].sort((left, right) => count(right.report.received) - count(left.report.received));
  return able ?? full[0] ?? most[0];
}

/** Those that still receive come first: of equals they are ahead in a moment. */
function receivingFirst(replicas: readonly AnsweringNode[]): readonly AnsweringNode[] {
  const isReceiving = ({report}: AnsweringNode) => Number(report.following?.io === 'yes');
  return [...replicas].sort((left, right) => isReceiving(right) - isReceiving(left));
}

function notesFor(promotion: Promotion, old: DatabaseNode | undefined) {
  const {site, candidate, followers} = promotion;
  const away = site.servers.filter(
    ({host}) => host !== old?.host && host !== candidate.host && !followers.some((each) => each.host === host),
  );
  return [
    promiseNote(site, acksAfter(promotion)),
    ...away.map(({host}) => warning(`${host.name} is not attached: infra db rejoin ${host.name}`)),
    ...(candidate.host.name === site.first
      ? []
      : [note(`Edit the inventory afterwards: ${candidate.host.name} into the group of the primary.`)]),
  ];
}
