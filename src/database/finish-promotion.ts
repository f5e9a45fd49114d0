import {InputError} from '../model/index.js';
import {contains} from './gtid.js';
import type {Operation} from './operation.js';
import {namesOf, type Promotion, promotionSteps} from './promotion.js';
import {type AnsweringNode, answering, type DatabaseSite} from './site.js';

/** Finishes what an earlier run began, or takes it back when the old primary takes writes again. */
export function finishPromotion(site: DatabaseSite, candidate: AnsweringNode, run: string): Operation {
  const {journal} = candidate.report;
  const followers = answering(site).filter(({host}) => host !== candidate.host);
  const writer = followers.find(({report}) => !report.isReadOnly && !report.following);
  const name = candidate.host.name;
  if (writer) {
    const message = `${journal?.operation} of run ${journal?.run} did not end, and ${writer.host.name} takes writes`;
    throw refuseOperation(message, `Attach the other one to it again: infra db rejoin ${name}`);
  }
  const lacking = followers.filter(({report}) => !contains(candidate.report.received, report.executed));
  const kept = followers.filter((node) => !lacking.includes(node));
  const promotion: Promotion = {
    ...{site, candidate, followers: kept, old: namesOf(lacking)},
    entry: {operation: journal?.operation ?? 'switchover', run, to: name},
  };
  const note = `The ${journal?.operation} to ${name} of run ${journal?.run} did not end. These steps finish it.`;
  return {
    name: journal?.operation ?? 'switchover',
    title: `finish the ${journal?.operation} to ${name}`,
    notes: [
      {note, isWarning: true},
      ...namesOf(lacking).map((each) => ({
        note: `${each} has transactions that ${name} lacks, and is not attached: infra db rejoin ${each}`,
        isWarning: true,
      })),
    ],
    steps: promotionSteps(promotion),
    done: `${name} is the primary now.`,
  };
}

/** Why an operation is not planned, and the next step. */
export function refuseOperation(message: string, hint: string): InputError {
  return new InputError([{message, hint}]);
}
