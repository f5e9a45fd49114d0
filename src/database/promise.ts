import {counted, inUtc, type Note, note, oneOrCounted, warning} from '../model/index.js';
import {subtract} from './gtid.js';
import {refuseOperation} from './refusals.js';
import {type AnsweringNode, answering, type DatabaseNode, type DatabaseSite, follows, namesOf} from './site.js';

/** What becomes of an acknowledged write when its server is lost, in one sentence. `acks`: replicas that it waits for. */
export function promiseOf({acks: wanted, degrades}: Pick<DatabaseSite, 'acks' | 'degrades'>, acks: number): string {
  if (wanted === 0) return 'Replication is asynchronous: an acknowledged write may be lost when the primary is lost.';
  if (acks === 0) {
    return 'No replica is left to acknowledge writes: one may be lost with the primary until a replica has rejoined.';
  }
  const who = oneOrCounted(acks, 'replica');
  if (degrades) {
    return `Writes wait for ${who}, and go on without after a time-out: one that was acknowledged then may be lost.`;
  }
  return `Writes wait for ${who}: none that was acknowledged is lost with the primary alone.`;
}

/** The promise for a plan: a warning where writes wait for fewer replicas than the playbook says. */
export function promiseNote(site: Pick<DatabaseSite, 'acks' | 'degrades'>, acks: number): Note {
  return (acks < site.acks ? warning : note)(promiseOf(site, acks));
}

/** The promise as it is kept now: what is in effect on the primary, and what its replicas know of it. */
export function promiseNow(site: DatabaseSite, primary: AnsweringNode | undefined): string {
  if (site.acks === 0 || primary === undefined) return promiseOf(site, 0);
  const {waits, acks: inEffect, connected} = primary.report.semiSync;
  if (site.degrades) return promiseOf(site, waits ? Math.min(site.acks, connected) : 0);
  const acks = Math.min(inEffect, connected);
  if (acks === 0 && connected > 0) {
    return 'Writes do not wait for a replica now: one that was acknowledged may be lost with the primary. To have them wait: infra apply';
  }
  const replicas = answering(site).filter((node) => follows(node, primary));
  if (acks === 0 || (knownAcks(primary, replicas)?.acks ?? 0) > 0) return promiseOf(site, acks);
  return `Writes wait for ${oneOrCounted(acks, 'replica')}, but no replica knows that yet, as it must have all from before: until then infra db failover needs --accept-loss.`;
}

/** For how many replicas each write of a primary waited, as its replicas know; they have all from before. */
export interface KnownAcks {
  /** The least that any of them knows. */
  readonly acks: number;
  /** The last that heard it, and when. */
  readonly by: AnsweringNode;
  readonly heard: Date;
}

/**
 * What was in effect on a primary, whatever the playbook says: it may not be applied, or somebody may have changed it on
 * the server. Undefined where no replica knows it: then writes may have waited for none.
 */
export function knownAcks(old: DatabaseNode | undefined, replicas: readonly AnsweringNode[]): KnownAcks | undefined {
  const followers = replicas.filter((node) => old === undefined || follows(node, old));
  const known = followers.flatMap((by) => (by.report.promise ? [{by, ...by.report.promise}] : []));
  const [last] = [...known].sort((left, right) => right.heard.getTime() - left.heard.getTime());
  if (last === undefined || known.some(({source}) => source !== last.source)) return undefined;
  const own = old?.report && !old.report.isReadOnly ? [old.report.semiSync.acks] : [];
  return {acks: Math.min(...known.map(({acks}) => acks), ...own), by: last.by, heard: last.heard};
}

/**
 * Why acknowledged writes may be lost; undefined if none can. With N replicas of which k acknowledge each write, fewer
 * than k are left to acknowledge anything once N - k + 1 have stopped receiving.
 */
export function lossPossible(
  site: DatabaseSite,
  old: DatabaseNode | undefined,
  replicas: readonly AnsweringNode[],
): string | undefined {
  if (site.acks === 0)
    return 'replication is asynchronous: writes that the old primary acknowledged last may be missing';
  if (site.degrades)
    return 'writes go on without replicas after a time-out: those that were acknowledged then may be missing';
  const name = old?.host.name ?? 'the old primary';
  const known = knownAcks(old, replicas);
  if (known === undefined)
    return `no replica that answers knows whether writes on ${name} waited for one: those that it acknowledged last may be missing`;
  if (known.acks === 0)
    return `writes on ${name} did not wait for a replica: those that it acknowledged last may be missing`;
  const all = site.servers.filter(({host}) => host !== old?.host);
  if (replicas.length >= all.length - known.acks + 1) return undefined;
  const away = all.filter(({host}) => !replicas.some((each) => each.host === host));
  const many = `${away.length} of ${counted(all.length, 'replica')}`;
  return `${many} (${namesOf(away).join(', ')}) ${away.length === 1 ? 'does' : 'do'} not answer: the old primary may still be acknowledging writes`;
}

/** What becomes of acknowledged writes, and from what that is known. `missing`: what `lossPossible` says. */
export function lossNotes(
  old: DatabaseNode | undefined,
  replicas: readonly AnsweringNode[],
  missing: string | undefined,
): readonly Note[] {
  if (missing !== undefined) return [warning(`Acknowledged writes may be lost: ${missing}.`)];
  const known = knownAcks(old, replicas);
  if (old === undefined || known === undefined) return [note('No acknowledged write is lost.')];
  const {name} = old.host;
  const who = oneOrCounted(known.acks, 'replica');
  const deaf = namesOf(replicas.filter((node) => follows(node, old) && node.report.promise === undefined));
  return [
    old.report && !old.report.isReadOnly
      ? note(`No acknowledged write is lost: writes on ${name} wait for ${who}.`)
      : note(
          `No acknowledged write is lost: writes on ${name} waited for ${who} when ${known.by.host.name} heard it last, at ${inUtc(known.heard)}. Nobody must have switched that off on ${name} since.`,
        ),
    ...deaf.map((each) =>
      warning(
        `${each} did not hear ${name} to its end, as after a restart: a write is lost that it alone had received, and had not executed.`,
      ),
    ),
  ];
}

/** What only a primary has that answers and is replaced; undefined for nothing. */
export function onlyOn(old: AnsweringNode, candidate: Pick<AnsweringNode, 'host' | 'report'>): string | undefined {
  const {count: many, text} = subtract(old.report.executed, candidate.report.received);
  if (many === 0) return undefined;
  const transactions = many === 'unknown' ? 'transactions' : oneOrCounted(many, 'transaction');
  return `${old.host.name} has ${transactions} that ${candidate.host.name} lacks (${text})`;
}

/** What becomes of an old primary that is up, or may be. */
export function lifeNotes(
  old: DatabaseNode | undefined,
  followers: readonly AnsweringNode[],
  candidate: AnsweringNode,
  missing: string | undefined,
): readonly Note[] {
  if (old?.report && !old.report.isReadOnly) {
    const {name} = old.host;
    const only = onlyOn({...old, report: old.report}, candidate);
    const what =
      missing === undefined ? 'No client was told that they are done' : 'Clients may have been told that they are done';
    return [
      warning(`${name} takes writes, and too few replicas receive them. It is closed and stopped first.`),
      ...(only === undefined ? [] : [warning(`${only}. ${what}. To save them afterwards: infra db rejoin ${name}`)]),
    ];
  }
  const connected = namesOf(followers.filter(({report}) => report.following?.io === 'yes'));
  if (!old || old.report || connected.length === 0) return [];
  const receive = connected.length === 1 ? 'receives' : 'receive';
  return [
    warning(
      `${connected.join(' and ')} still ${receive} from ${old.host.name}: it may be up, and out of reach from here alone. Its clients lose it.`,
    ),
  ];
}

/** Why a failover is not planned that may lose acknowledged writes, and the next step. */
export function lossRefused(missing: string, serving: AnsweringNode | undefined, candidate: AnsweringNode) {
  const more = serving && onlyOn(serving, candidate);
  const repair = serving ? 'Repair the network between the servers' : 'Start what does not answer';
  return refuseOperation(
    more === undefined ? missing : `${missing}; ${more}`,
    `${repair}, or accept the loss of writes: infra db failover --accept-loss`,
  );
}
