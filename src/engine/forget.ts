import {dropNotes} from './markers.js';
import type {Planned} from './plan-all.js';

/**
 * Drops notes of handlers that no task notifies any more. Notes of handlers that the playbook still has are left:
 * apply runs these. Returns what was dropped, by host. Rejects with `HostError`.
 */
export async function forgetLeftOver(
  planned: readonly Planned[],
  ids: readonly string[],
): Promise<readonly {readonly host: string; readonly dropped: readonly string[]}[]> {
  const forgetting = planned.map(async ({plan, run}) => {
    const dropped = (plan.leftOver ?? []).map(({id}) => id).filter((id) => ids.includes(id));
    if (dropped.length > 0) await run?.connection.run([{command: dropNotes(dropped), required: true}], {within: 60});
    return {host: plan.host.name, dropped};
  });
  return (await Promise.all(forgetting)).filter(({dropped}) => dropped.length > 0);
}
