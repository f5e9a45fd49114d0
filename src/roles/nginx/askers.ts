import {type Audience, type RoleContext, renderNetwork} from '../../model/index.js';
import {optionalGroup} from '../shared/members.js';

import {sourcesOf} from '../shared/sources.js';
import type {NginxSite} from './options.js';

/** Who may ask a web server. */
export interface Askers {
  /** As the firewall is told. */
  readonly audience: readonly Audience[];
  /** Addresses and networks; undefined: everybody. */
  readonly networks: readonly string[] | undefined;
}

/** Whom `from` names, else the balancers; without these, everybody. Throws `InputError` for what the inventory lacks. */
export function askersOf({from, balancers}: Pick<NginxSite, 'from' | 'balancers'>, context: RoleContext): Askers {
  const implied: Audience = optionalGroup(balancers, 'lb', context).length > 0 ? {group: balancers} : 'any';
  const audience = from ?? [implied];
  const sources = sourcesOf(audience, context);
  return {audience, networks: sources === 'any' ? undefined : sources.map(renderNetwork)};
}
