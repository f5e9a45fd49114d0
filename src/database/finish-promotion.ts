import {warning} from '../model/index.js';
import {forgetEnd} from './ended.js';
import {contains} from './gtid.js';
import type {Operation} from './operation.js';
import {promiseNote} from './promise.js';
import {acksAfter, type Promotion, promotionSteps} from './promotion.js';
import {refuseOperation, SEVERAL_WRITERS} from './refusals.js';
import {type AnsweringNode, answering, type DatabaseSite, follows, holdsData, namesOf} from './site.js';

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
    (node) => !follows(node, candidate) && !contains(candidate.report.received, node.report.received),
  );
  const receiving = lacking.find(({report}) => report.following?.io === 'yes');
  if (receiving) {
    const message = `${receiving.host.name} receives transactions that ${name} lacks: its source has taken writes since`;
    throw refuseOperation(message, `Attach ${name} again when that server answers: infra db rejoin ${name}`);
  }
  const kept = followers.filter((node) => !lacking.includes(node) && holdsData(node) && !node.report.mustSeed);
  const promotion: Promotion = {
    ...{site, candidate, followers: kept, old: namesOf(lacking)},
    entry: {operation: journal?.operation ?? 'switchover', run, to: name},
  };
  const half = `The ${journal?.operation} to ${name} of run ${journal?.run} did not end. These steps finish it.`;
  return {
    name: journal?.operation ?? 'switchover',
    title: `finish the ${journal?.operation} to ${name}`,
    notes: [warning(half), ...notesFor(promotion, lacking)],
    steps: promotionSteps(promotion),
    done: `${name} is the primary now.`,
    forget: forgetEnd(name),
  };
}

function notesFor(promotion: Promotion, lacking: readonly AnsweringNode[]): Operation['notes'] {
  const {site, candidate} = promotion;
  const away = site.servers.filter(({report}) => report === undefined);
  return [
    promiseNote(site, acksAfter(promotion)),
    ...namesOf(away).map((each) => warning(`${each} does not answer, and is not attached: infra db rejoin ${each}`)),
    ...namesOf(lacking).map((each) =>
      warning(
        `${each} has transactions that ${candidate.host.name} lacks, and is not attached: infra db rejoin ${each}`,
      ),
    ),
  ];
}
