import {HostError, InputError, taskName} from '../../model/index.js';
import type {Entry} from '../host-run.js';
import type {ScriptStep} from './step-command.js';

/** The step with its commands, where they are made only now. Rejects with `HostError` when they cannot be made. */
export async function inTime(step: ScriptStep, play: string): Promise<ScriptStep> {
  return step.type === 'change' ? {...step, entry: await made(step.entry, play)} : step;
}

async function made(entry: Entry, play: string): Promise<Entry> {
  const {verdict, open} = entry;
  if (verdict.type !== 'change' || verdict.late === undefined) return entry;
  try {
    return {...entry, verdict: {...verdict, commands: await verdict.late()}};
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const {at} = open.task;
    const hint = error.diagnostics[0]?.hint;
    const message = `${taskName(open.task)}: ${error.message}`;
    throw new HostError({reason: 'command-failed', message, hint, task: taskName(open.task), play, at});
  }
}
