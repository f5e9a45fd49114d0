import type {Handler} from '../model/index.js';
import {type Command, sh} from '../shell/index.js';

/** The one folder of ours on a host. */
export const STATE_FOLDER = '/var/lib/infra';
const PENDING = `${STATE_FOLDER}/pending`;

/** Lists the handlers that were notified and have not run: one file each. */
export const pendingProbe: Command = sh`[ ! -d ${PENDING} ] || ls -1 ${PENDING}`;

/**
 * Notes on the host that handlers are due. It runs before the change, in the same script, so a run that is killed in
 * between loses none of them.
 */
export function markPending(handlers: readonly Handler[]): Command[] {
  if (handlers.length === 0) return [];
  return [sh`(umask 077 && mkdir -p ${PENDING}) && touch -- ${handlers.map(marker)}`];
}

/** The handler, and then the end of its note. */
export function runHandler(handler: Handler): Command {
  return sh`${handler.command} && rm -f -- ${marker(handler)}`;
}

const marker = ({id}: Handler) => `${PENDING}/${encodeURIComponent(id)}`;
