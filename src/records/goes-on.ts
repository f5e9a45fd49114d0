import {hasEnded, machineKey} from '../local/this-machine.js';
import type {RunRecord} from './format.js';

/** Whether a run has no end yet and its process still runs, as far as this machine can tell. */
export function goesOn({head, tail}: RunRecord): boolean {
  return tail === undefined && head.machineKey === machineKey() && !hasEnded(head.process);
}
