import {cutDiff} from '../diff/index.js';
import type {Diff, Failure, RunEvent} from '../model/index.js';

/** Characters of one attribute's change that are kept. */
const LONGEST = 20_000;

/** Characters of all changes of a run that are kept. */
const MOST = 8_000_000;

/** Makes the events of a run fit to be kept and printed: of large changes, and of very many, the rest is counted. */
export function keepingWithin(): (event: RunEvent) => RunEvent {
  let room = MOST;
  const keep = (whole: Diff): Diff => {
    const {diff, length} = cutDiff(whole, Math.min(LONGEST, room));
    room -= length;
    return diff;
  };
  return (event) => {
    if ('failure' in event) return {...event, failure: failureWithin(event.failure, keep)};
    return event.type === 'task-changed' && event.diff ? {...event, diff: event.diff.map(keep)} : event;
  };
}

function failureWithin(failure: Failure, keep: (diff: Diff) => Diff): Failure {
  if (failure.drift === undefined) return failure;
  const drift = failure.drift.map(({changes, ...known}) => ({...known, ...(changes && {changes: changes.map(keep)})}));
  return {...failure, drift};
}
