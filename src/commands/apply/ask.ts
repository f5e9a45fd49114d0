import type {RunControl} from '../../engine/index.js';
import {newQueue} from '../../local/lock.js';
import {interrupt} from '../../local/signals.js';
import {visible} from '../../model/index.js';

/** Asks whether the plan is to be applied. Ctrl-C means no. */
export async function confirmApply(): Promise<boolean> {
  const {default: inquirer} = await import('inquirer');
  try {
    const question = {type: 'confirm' as const, name: 'go', message: 'Apply this plan?', default: false};
    return (await inquirer.prompt([question])).go;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return false;
    throw error;
  }
}

type Confirm = NonNullable<RunControl['confirm']>;

/**
 * `--step`: asks before each change, one question at a time for all hosts. "continue" agrees to all later changes;
 * Ctrl-C stops the run as it does elsewhere.
 */
export function askStep(): Confirm {
  const inTurn = newQueue();
  let answer: Answer = 'yes';
  const ask = async (text: string): Promise<boolean> => {
    if (answer !== 'continue' && answer !== 'stop') answer = await prompt(text);
    return answer === 'yes' || answer === 'continue';
  };
  return ({host, task, action}) => inTurn(() => ask(visible(`${host}: ${action} ${task}?`)));
}

type Answer = 'yes' | 'no' | 'continue' | 'stop';

async function prompt(message: string): Promise<Answer> {
  const {default: inquirer} = await import('inquirer');
  const choices = [
    {key: 'y', name: 'yes', value: 'yes' as const},
    {key: 'n', name: 'no, leave it', value: 'no' as const},
    {key: 'c', name: 'continue without asking', value: 'continue' as const},
  ];
  try {
    return (await inquirer.prompt([{type: 'expand' as const, name: 'go', message, choices, default: 'n'}])).go;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExitPromptError')) throw error;
    interrupt();
    return 'stop';
  }
}
