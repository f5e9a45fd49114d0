import {type Failure, HostError, hasChanges} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import type {HostRun} from '../host-run.js';
import {STATE_DIRECTORY} from './pending-handlers.js';

const DIRECTORY = `${STATE_DIRECTORY}/plans`;

/**
 * Notes on a host that a saved plan is applied to it, before the first change there; the note stays. Rejects with
 * `HostError` `already-applied` when there is such a note: another operator may have applied it, whose project has its
 * own records. `stale`: another run had the host after it was compared with the plan, so it may differ (`drifted`).
 */
export async function noteApplied(run: HostRun, id: string, owner: string, stale: boolean): Promise<void> {
  if (!hasChanges(run.judged)) return;
  const before = await appliedBy(run, id);
  if (before !== undefined) throw new HostError(alreadyApplied(before));
  if (stale) throw new HostError(HAD_BY_OTHERS);
  const note = `${DIRECTORY}/${id}`;
  const text = `on ${new Date().toISOString()} by ${owner}`;
  const write = sh`umask 077 && mkdir -p ${DIRECTORY} && printf '%s\n' ${text} >${note} && sync -- ${note} ${DIRECTORY}`;
  const [reply] = await run.connection.run([{command: write, required: false}], {within: SECONDS});
  if (reply?.code === 0) return;
  throw new HostError({
    reason: 'command-failed',
    message: `${DIRECTORY} on the host cannot be written, so it is not noted that the plan is applied`,
    hint: 'Check whether the disk of the host is full or read-only.',
    output: reply?.stderr,
  });
}

/**
 * When a saved plan was applied to a host and by which user, as `on … by …`; undefined when it was not. Rejects with
 * `HostError`, also when the host does not answer: a plan is applied once.
 */
export async function appliedBy({connection}: HostRun, id: string): Promise<string | undefined> {
  const note = `${DIRECTORY}/${id}`;
  const read = sh`[ ! -e ${note} ] || cat ${note}`;
  const [reply] = await connection.run([{command: read, required: false}], {within: SECONDS});
  if (reply?.code === 0 && !reply.truncated) return reply.stdout.trim() || undefined;
  throw new HostError({
    reason: 'command-failed',
    message: `${DIRECTORY} on the host cannot be read, so it is not known whether the plan was applied before`,
    hint: 'Check the disk of the host.',
    output: reply?.stderr,
  });
}

/** Why a plan is not applied to a host again. `when`: `on … by …`. */
export function alreadyApplied(when: string): Failure {
  return {
    reason: 'already-applied',
    message: `this plan was applied to it ${when.trim()}; a plan is applied once`,
    hint: 'Make a new plan: infra plan --out FILE',
  };
}

const HAD_BY_OTHERS: Failure = {
  reason: 'drifted',
  message: 'another run had this host after it was compared with the plan',
  hint: 'Nothing was done on this host. Make a new plan: infra plan --out FILE',
};

/** Seconds for reading or writing a small file. */
const SECONDS = 60;
