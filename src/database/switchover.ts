import {HostError, note, warning} from '../model/index.js';
import {hold} from './balancer-steps.js';
import {endedBefore, forgetEnd} from './ended.js';
import {finishPromotion} from './finish-promotion.js';
import {contains} from './gtid.js';
import type {Operation, OperationStep} from './operation.js';
import {promiseOf} from './promise.js';
import {acksAfter, type Promotion, promotionSteps, unfinished} from './promotion.js';
import {refuseOperation, refuseWithout, serverNamed} from './refusals.js';
import type {ServerReport} from './report.js';
import {catchUp, closeForNow, keepClosed, reopen, reportIn, reportOf, waitFor} from './server-steps.js';
import {
  type AnsweringNode,
  answering,
  type DatabaseNode,
  type DatabaseSite,
  findPrimary,
  follows,
  holdsData,
  sayOf,
} from './site.js';

/** Seconds behind from which a replica must catch up before clients are made to wait. */
const CLOSE_ENOUGH = 5;

/** Seconds that clients wait at most for the new primary to execute the last writes. */
const LAST_WRITES = 10;

/**
 * Plans to make a replica the primary while both are up: no acknowledged write is lost, and clients that connect for
 * each write wait for a moment and see no error. `to`: the name of the replica; default the one that is closest. Throws
 * `InputError` where that is not safe.
 */
export function planSwitchover(site: DatabaseSite, to: string | undefined, run: string): Operation {
  const half = unfinished(site);
  if (half) return finishPromotion(site, half, run);
  const ended = endedBefore(site, 'switchover', to);
  if (ended) return ended;
  const old = primaryOf(site);
  if (to === old.host.name)
    throw refuseOperation(`the primary ${to} takes no writes`, `To open them again: infra db failover ${to}`);
  const candidate = chosen(site, old, to);
  refuseLeftBehind(site, old);
  const others = answering(site).filter(
    (node) => node.host !== old.host && node.host !== candidate.host && holdsData(node) && !node.report.mustSeed,
  );
  const name = candidate.host.name;
  const known = new Map<string, ServerReport>();
  const promotion: Promotion = {
    ...{site, candidate, followers: [old, ...others], old: [old.host.name], known},
    entry: {operation: 'switchover', run, to: name},
  };
  const promoting = promotionSteps(promotion);
  return {
    name: 'switchover',
    title: `switchover: ${old.host.name} → ${name}`,
    notes: notesFor(promotion, old),
    steps: [
      caughtUp(old, candidate),
      ...promoting.slice(0, 1),
      ...site.balancers.filter(({isReached}) => isReached).map(hold),
      ...lastWrites(promotion, old, known),
      ...promoting.slice(1),
    ],
    done: `${name} is the primary now, and ${sayOf(promotion.followers, 'follows', 'follow')} it.`,
    forget: forgetEnd(name),
  };
}

/**
 * The server that takes writes. One that is closed will do as well if every other server is there and follows it: then
 * nothing was promoted in its place, as after a switchover that was killed.
 */
function primaryOf(site: DatabaseSite): AnsweringNode {
  const found = findPrimary(site);
  if (found.state === 'serving') return found.node;
  const {state} = found;
  const isSure =
    state === 'closed' && site.servers.every((each) => each.host === found.node.host || follows(each, found.node));
  if (isSure) return found.node;
  throw refuseWithout(found, 'For a primary that is down: infra db failover');
}

function chosen(site: DatabaseSite, old: AnsweringNode, to: string | undefined): AnsweringNode {
  const named = to === undefined ? undefined : serverNamed(site, to);
  const fit = answering(site).filter((node) => follows(node, old) && isRunning(node));
  const candidate = to === undefined ? closest(fit) : fit.find(({host}) => host.name === to);
  if (candidate) return candidate;
  const why = named?.report ? describe(named, old) : named ? 'does not answer' : undefined;
  const message = why === undefined ? 'no replica follows the primary' : `${to} ${why}`;
  throw refuseOperation(message, 'To see what keeps it from that: infra db status');
}

const isRunning = ({report}: AnsweringNode) => report.following?.io === 'yes' && report.following.sql;

function closest(nodes: readonly AnsweringNode[]): AnsweringNode | undefined {
  const lag = ({report}: AnsweringNode) => report.following?.lag ?? Number.POSITIVE_INFINITY;
  return [...nodes].sort((left, right) => lag(left) - lag(right))[0];
}

function describe({report, host}: DatabaseNode, old: AnsweringNode): string {
  const following = report?.following;
  if (following === undefined) return `does not replicate: infra db rejoin ${host.name}`;
  if (following.source !== old.address) return `replicates from ${following.source}, and not from the primary`;
  return `does not replicate now: ${following.error || 'its threads are stopped'}`;
}

/** A server that holds what the primary lacks would be attached with data of its own. */
function refuseLeftBehind(site: DatabaseSite, old: AnsweringNode): void {
  const strays = answering(site).filter(
    (node) => node.host !== old.host && !contains(old.report.executed, node.report.executed) && !isRunning(node),
  );
  const [stray] = strays;
  if (!stray) return;
  const message = `${sayOf(strays, 'has', 'have')} transactions that the primary lacks`;
  throw refuseOperation(message, `Save and remove them first: infra db rejoin ${stray.host.name}`);
}

function caughtUp(old: AnsweringNode, {host}: AnsweringNode): OperationStep {
  return {
    host: host.name,
    text: `wait up to 60 s until it is at most ${CLOSE_ENOUGH} s behind ${old.host.name}`,
    run: async (hosts) => void (await catchUp({host: host.name, source: old.host.name, seconds: 60}, hosts)),
  };
}

function lastWrites(
  {site, candidate: {host}}: Promotion,
  {host: {name: from}}: AnsweringNode,
  known: Map<string, ServerReport>,
): readonly OperationStep[] {
  return [
    {
      host: from,
      text: 'end writes and disconnect the clients',
      run: async (hosts) => void known.set(from, reportIn(await hosts.ask(from, closeForNow(site)))),
      undo: {text: 'take writes again', run: (hosts) => hosts.ask(from, reopen(site))},
    },
    {
      host: host.name,
      text: `wait up to ${LAST_WRITES} s for the last writes of ${from}`,
      run: async (hosts) => {
        const closed = known.get(from) ?? (await reportOf(from, hosts));
        await waitFor({host: host.name, gtids: closed.executed, seconds: LAST_WRITES}, hosts);
        refuseLate(from, closed, reportIn(await hosts.ask(from, keepClosed(site))));
        return undefined;
      },
    },
  ];
}

/** The timer may have opened writes for a moment before it was ended: then there are more of them now. */
function refuseLate(from: string, closed: ServerReport, now: ServerReport): void {
  if (now.isReadOnly && contains(closed.executed, now.executed)) return;
  throw new HostError({
    reason: 'timed-out',
    message: `${from} has written again in the meantime`,
    hint: 'Run it again when the servers are less busy: infra db switchover',
  });
}

function notesFor(promotion: Promotion, old: AnsweringNode) {
  const {site, candidate} = promotion;
  const away = site.servers.filter(({report}) => report === undefined);
  const unheld = site.balancers.filter(({isReached}) => !isReached);
  return [
    note(
      'New connections wait for the new primary, about two seconds. Open sessions are ended: applications reconnect.',
    ),
    note(promiseOf(site, acksAfter(promotion))),
    ...away.map(({host}) => warning(`${host.name} does not answer, and is not attached: infra db rejoin ${host.name}`)),
    ...unheld.map(({host}) =>
      warning(`${host.name} cannot be reached: its clients get errors until it finds ${candidate.host.name}`),
    ),
    ...(candidate.host.name === site.first
      ? []
      : [
          note(
            `Edit the inventory afterwards: ${candidate.host.name} into the group of the primary, ${old.host.name} into that of the replicas.`,
          ),
        ]),
  ];
}
