import {taskName} from '../model/index.js';
import type {Entry, Progress} from './host-run.js';

/** The changes that whoever is asked agrees to; all of them when nobody is. A change that is declined stays undone. */
export async function confirmed(progress: Progress, play: string, changes: readonly Entry[]): Promise<Entry[]> {
  const {control, listener, excused, run} = progress;
  const agreed: Entry[] = [];
  for (const entry of changes) {
    const {open, verdict} = entry;
    const action = verdict.type === 'change' ? verdict.action : 'run';
    const question = {host: run.host.name, play, task: taskName(open.task), action};
    if (control.confirm === undefined || (await control.confirm(question))) agreed.push(entry);
    else {
      excused.add(open.task);
      listener({type: 'task-declined', host: question.host, play, task: question.task});
    }
  }
  return agreed;
}
