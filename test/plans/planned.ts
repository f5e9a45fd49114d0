import type {DueHandler, JudgedHost, JudgedTask, Task} from '../../src/model/index.js';
import {digestWith, type RecordOptions} from '../../src/plans/index.js';
import {Secret} from '../../src/shell/index.js';
import {hostNamed} from '../renderers/host-named.js';
import {planLocally} from '../tasks/local-shell.js';
import type {LivePlan} from './live.js';

/** A task as this machine would be planned. */
export function planned(task: Task, play = 'web', templateDirectories: readonly string[] = []): JudgedTask {
  const verdict = planLocally(task, templateDirectories);
  return {play, task, verdict, seen: verdict.seen};
}

export function planOf(hosts: Readonly<Record<string, readonly JudgedTask[]>>, handlers: DueHandler[] = []): LivePlan {
  const plans = Object.entries(hosts).map(([name, tasks]): JudgedHost => ({host: hostNamed(name), tasks, handlers}));
  return {playbook: 'site', hosts: plans};
}

export const digest = digestWith(new Secret('a key that nobody could ever guess'));

export function recording(
  mask: RecordOptions['mask'] = (text) => text,
  key: RecordOptions['digest'] = digest,
): RecordOptions {
  return {root: process.cwd(), mask, digest: key};
}
