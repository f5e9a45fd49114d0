import type {RunControl} from '../../engine/index.js';
import {newQueue} from '../../local/lock.js';
import {askConfirmation, askKey, whenInterrupted} from '../../local/prompt.js';
import {interrupt} from '../../local/signals.js';
import {visible} from '../../model/index.js';

/** Asks whether the plan is to be applied. Ctrl-C means no. */
export function confirmApply(): Promise<boolean> {
  return askConfirmation({message: 'Apply this plan?', default: false}).catch(whenInterrupted(() => false));
}

type Confirm = NonNullable<RunControl['confirm']>;

/**
 * `--step`: asks before each change, one question at a time for all hosts. "continue" agrees to all later changes;
 * Ctrl-C stops the run as it does elsewhere.
 */
export function askStep(): Confirm {
  const inTurn = newQueue();
  let answer = 'y';
  const ask = async (text: string): Promise<boolean> => {
    if (answer !== 'c' && answer !== 'stop') answer = await prompt(text);
    return answer === 'y' || answer === 'c';
  };
  return ({host, task, action}) => inTurn(() => ask(visible(`${host}: ${action} ${task}?`)));
}

/** The key of the answer, or `stop`. */
function prompt(message: string): Promise<string> {
  const choices = [
    {key: 'y', name: 'yes'},
    {key: 'n', name: 'no, leave it'},
    {key: 'c', name: 'continue without asking'},
  ] as const;
  return askKey({message, choices, default: 'n'}).catch(
    whenInterrupted(() => {
      interrupt();
      return 'stop';
    }),
  );
}
