import {type Failure, HostError, hasChanges} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import type {HostRun} from '../host-run.js';
import {STATE_DIRECTORY} from './pending-handlers.js';

const DIRECTORY = `${STATE_DIRECTORY}/plans`;

/**
 * Notes on a host that a saved plan is applied to it, before its first change and once and for all. Rejects with
 * `HostError` `already-applied` when it was noted before: by another operator, who has another state directory.
 * `stale`: another run had the host after it was compared with the plan, so that nothing is known of it (`drifted`).
 */
export async function claimPlan(run: HostRun, id: string, owner: string, stale: boolean): Promise<void> {
  if (!hasChanges(run.judged)) return;
  const before = await claimedBy(run, id);
  if (before !== undefined) throw new HostError(alreadyApplied(before));
  if (stale) throw new HostError(HAD_BY_OTHERS);
  const note = `${DIRECTORY}/${id}`;
  const text = `on ${new Date().toISOString()} by ${owner}`;
  const claim = sh`umask 077 && mkdir -p ${DIRECTORY} && printf '%s\n' ${text} >${note} && sync -- ${note} ${DIRECTORY}`;
  const [reply] = await run.connection.run([{command: claim, required: false}], {within: SECONDS});
  if (reply?.code === 0) return;
  throw new HostError({
    reason: 'command-failed',
    message: `that the plan is applied cannot be noted in ${DIRECTORY}`,
    hint: 'Is its disk full or read-only?',
    output: reply?.stderr,
  });
}

/**
 * That a saved plan was applied to a host, `on … by …`; undefined when it was not. Rejects with `HostError`, also when
 * the host does not say: a plan is applied once.
 */
export async function claimedBy({connection}: HostRun, id: string): Promise<string | undefined> {
  const note = `${DIRECTORY}/${id}`;
  const read = sh`[ ! -e ${note} ] || cat ${note}`;
  const [reply] = await connection.run([{command: read, required: false}], {within: SECONDS});
  if (reply?.code === 0 && !reply.truncated) return reply.stdout.trim() || undefined;
  throw new HostError({
    reason: 'command-failed',
    message: `whether the plan was applied before cannot be read from ${DIRECTORY}`,
    hint: 'Look at the disk of the host.',
    output: reply?.stderr,
  });
}

/** Why a plan is not applied to a host again. `claim`: `on … by …`. */
export function alreadyApplied(claim: string): Failure {
  return {
    reason: 'already-applied',
    message: `this plan was applied to it ${claim.trim()}; a plan is applied once`,
    hint: 'Make a new plan: infra plan --out FILE',
  };
}

const HAD_BY_OTHERS: Failure = {
  reason: 'drifted',
  message: 'another run had this host after it was compared with the plan',
  hint: 'Nothing was done on this host. Make a new plan: infra plan --out FILE',
};

/** Seconds for a small file. */
const SECONDS = 60;
