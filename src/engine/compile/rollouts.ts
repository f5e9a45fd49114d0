import {type Host, type Inventory, type Play, type Rollout, rolloutOf, selectHosts} from '../../model/index.js';

/** The plays, and the hosts that a run is about. */
export interface Cast {
  readonly plays: readonly Play[];
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
}

/** How plays go over the hosts of the run, for those plays that say so. */
export function rolloutsOf(cast: Cast): readonly Rollout[] {
  return cast.plays.flatMap((play) => rolloutOf(play.name, play, membersOf(play, cast).length) ?? []);
}

/** Names of the plays whose first host in this run it is: `runOnce` tasks are done there. */
export function playsLedBy(host: Host, cast: Cast): readonly string[] {
  return cast.plays.filter((play) => membersOf(play, cast)[0] === host).map(({name}) => name);
}

/** In the order of the inventory. */
function membersOf({hosts, at}: Play, cast: Cast): readonly Host[] {
  const chosen = selectHosts(cast.inventory, hosts, at);
  return cast.hosts.filter((host) => chosen.includes(host));
}
