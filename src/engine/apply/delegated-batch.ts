import {wait} from '../../model/index.js';
import type {HostRun, Progress} from '../host-run.js';
import {Interrupted} from '../run-control.js';
import type {ScriptStep} from './step-command.js';

/** Seconds before a new attempt when a task names none, as in Ansible. */
const DELAY = 5;

/** Waits before a new attempt. Rejects with `Interrupted` when the run is to stop. */
export async function pause({control}: Progress, seconds = DELAY): Promise<void> {
  try {
    await wait(seconds, control.stop);
  } catch {
    throw new Interrupted();
  }
}

/** Does the work; where it is delegated, no other host's comes in between. */
export function inTurn<T>({others}: HostRun, [first]: readonly ScriptStep[], work: () => Promise<T>): Promise<T> {
  const delegateTo = first === undefined || first.type === 'handler' ? undefined : first.entry.open.task.delegateTo;
  const delegate = delegateTo === undefined ? undefined : others.get(delegateTo);
  return delegate ? delegate.alone(work) : work();
}
