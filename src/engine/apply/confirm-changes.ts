import {taskName} from '../../model/index.js';
import type {Entry, Progress} from '../host-run.js';
import type {Leg} from './leg.js';

/** The change of a leg that whoever is asked declines: it stays undone. Undefined: it is agreed to, or nobody is asked. */
export async function confirmed(progress: Progress, play: string, {steps}: Leg): Promise<Entry | undefined> {
  const {control, listener, excused, run} = progress;
  const entry = steps.find((step) => step.type === 'change')?.entry;
  if (control.confirm === undefined || entry === undefined) return undefined;
  const {open, verdict} = entry;
  const action = verdict.type === 'change' ? verdict.action : 'run';
  const question = {host: run.host.name, play, task: taskName(open.task), action};
  if (await control.confirm(question)) return undefined;
  excused.add(open.task);
  listener({type: 'task-declined', host: question.host, play, task: question.task});
  return entry;
}
