import type {Operation, OperationFailed} from '../../database/operation.js';
import {type Failure, HostError} from '../../model/index.js';

/** Operations that find out by themselves which server they were for. */
const PROMOTIONS: readonly string[] = ['switchover', 'failover'];

/** The failure with what became of the operation, and the next step. */
export function failureOfOperation({step, outcome, cause}: OperationFailed, {name}: Operation): Failure {
  const known: Failure =
    cause instanceof HostError ? cause.failure : {reason: 'command-failed', message: wordsOf(cause)};
  const words = {
    undone: 'Everything is as it was before.',
    unfinished: `The point of no return was passed. ${PROMOTIONS.includes(name) ? `Finish it: infra db ${name}` : 'To finish it, run the same command again.'}`,
    'undo-failed': 'Not everything could be taken back. To see how the servers stand: infra db status',
  };
  const {hint} = known;
  return {
    ...known,
    task: step.text,
    play: name,
    hint: [words[outcome], ...(hint === undefined || outcome === 'unfinished' ? [] : [hint])].join('\n'),
  };
}

/** A signal that is aborted throws an error with words of its own. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.name === 'AbortError' ? 'it was not begun, since the run was interrupted' : cause.message;
}
