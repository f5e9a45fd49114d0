import {type Failure, HostError, hasChanges} from '../model/index.js';
import {sh} from '../shell/index.js';
import type {HostRun} from './host-run.js';
import {STATE_FOLDER} from './markers.js';

const FOLDER = `${STATE_FOLDER}/plans`;

/**
 * Notes on a host that a saved plan is applied to it, before its first change and once and for all. Rejects with
 * `HostError` `already-applied` when it was noted before: by another operator, who has another state folder.
 */
export async function claimPlan({plan, connection}: HostRun, id: string, owner: string): Promise<void> {
  if (!hasChanges(plan)) return;
  const note = `${FOLDER}/${id}`;
  const text = `on ${new Date().toISOString()} by ${owner}`;
  const claim = sh`(umask 077 && mkdir -p ${FOLDER} && [ ! -e ${note} ] && printf '%s\n' ${text} >${note}) || { cat ${note}; exit 1; }`;
  const [reply] = await connection.run([{command: claim, required: false}], {timeout: SECONDS});
  if (reply?.code === 0) return;
  if (reply?.stdout.trim()) throw new HostError(alreadyApplied(reply.stdout));
  throw new HostError({
    reason: 'command-failed',
    message: `that the plan is applied cannot be noted in ${FOLDER}`,
    hint: 'Is its disk full or read-only?',
    output: reply?.stderr,
  });
}

/** That a saved plan was applied to a host, `on … by …`; undefined when it was not. Rejects with `HostError`. */
export async function claimedBy({connection}: HostRun, id: string): Promise<string | undefined> {
  const note = `${FOLDER}/${id}`;
  const read = sh`[ ! -e ${note} ] || cat ${note}`;
  const [reply] = await connection.run([{command: read, required: false}], {timeout: SECONDS});
  return reply?.stdout.trim() || undefined;
}

/** Why a plan is not applied to a host again. `claim`: `on … by …`. */
export function alreadyApplied(claim: string): Failure {
  return {
    reason: 'already-applied',
    message: `this plan was applied to it ${claim.trim()}; a plan is applied once`,
    hint: 'Make a new plan: infra plan --out FILE',
  };
}

/** Seconds for a small file. */
const SECONDS = 60;
