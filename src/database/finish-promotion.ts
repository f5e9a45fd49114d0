import {InputError} from '../model/index.js';
import {contains} from './gtid.js';
import type {Operation} from './operation.js';
import {promiseOf} from './promise.js';
import {acksAfter, namesOf, type Promotion, promotionSteps} from './promotion.js';
import {type AnsweringNode, answering, type DatabaseSite, follows, holdsData, type PrimaryFound} from './site.js';

/** Finishes what an earlier run began, or takes it back when the old primary takes writes again. */
export function finishPromotion(site: DatabaseSite, candidate: AnsweringNode, run: string): Operation {
  const {journal} = candidate.report;
  const followers = answering(site).filter(({host}) => host !== candidate.host);
  const writer = followers.find(({report}) => !report.isReadOnly && !report.following);
  const name = candidate.host.name;
  if (writer && !candidate.report.isReadOnly)
    throw refuseOperation(`${writer.host.name} and ${name} all take writes`, SEVERAL_WRITERS);
  if (writer) {
    const message = `${journal?.operation} of run ${journal?.run} did not end, and ${writer.host.name} takes writes`;
    throw refuseOperation(message, `Attach the other one to it again: infra db rejoin ${name}`);
  }
  const lacking = followers.filter(
    (node) => !follows(node, candidate) && !contains(candidate.report.received, node.report.executed),
  );
  const receiving = lacking.find(({report}) => report.following?.io === 'yes');
  if (receiving) {
    const message = `${receiving.host.name} receives transactions that ${name} lacks: its source has taken writes since`;
    throw refuseOperation(message, `Attach ${name} again when that server answers: infra db rejoin ${name}`);
  }
  const kept = followers.filter((node) => !lacking.includes(node) && holdsData(node));
  const promotion: Promotion = {
    ...{site, candidate, followers: kept, old: namesOf(lacking)},
    entry: {operation: journal?.operation ?? 'switchover', run, to: name},
  };
  const note = `The ${journal?.operation} to ${name} of run ${journal?.run} did not end. These steps finish it.`;
  return {
    name: journal?.operation ?? 'switchover',
    title: `finish the ${journal?.operation} to ${name}`,
    notes: [{note, isWarning: true}, ...notesFor(promotion, lacking)],
    steps: promotionSteps(promotion),
    done: `${name} is the primary now.`,
  };
}

function notesFor(promotion: Promotion, lacking: readonly AnsweringNode[]): Operation['notes'] {
  const {site, candidate} = promotion;
  const acks = acksAfter(promotion);
  const away = site.servers.filter(({report}) => report === undefined);
  return [
    {note: promiseOf(site, acks), isWarning: acks < site.acks},
    ...namesOf(away).map((each) => ({
      note: `${each} does not answer, and is not attached: infra db rejoin ${each}`,
      isWarning: true,
    })),
    ...namesOf(lacking).map((each) => ({
      note: `${each} has transactions that ${candidate.host.name} lacks, and is not attached: infra db rejoin ${each}`,
      isWarning: true,
    })),
  ];
}

/** The next step where several servers take writes. */
export const SEVERAL_WRITERS = 'Set read_only on all but one of them, then: infra db rejoin HOST';

/** Why an operation is not planned, and the next step. */
export function refuseOperation(message: string, hint: string): InputError {
  return new InputError([{message, hint}]);
}

/** Why an operation is not planned that needs a primary which takes writes. `next`: what to do where none does. */
export function refuseWithout(found: Exclude<PrimaryFound, {state: 'serving'}>, next: string): InputError {
  switch (found.state) {
    case 'several':
      return refuseOperation(`${namesOf(found.nodes).join(' and ')} all take writes`, SEVERAL_WRITERS);
    case 'closed': {
      const {name} = found.node.host;
      return refuseOperation(`the primary ${name} takes no writes`, `To open them again: infra db failover ${name}`);
    }
    case 'silent':
      return refuseOperation(`the primary ${found.node.host.name} does not answer`, next);
    case 'none':
      return refuseOperation('no server takes writes', next);
  }
}
