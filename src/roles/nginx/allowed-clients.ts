import {type Audience, type RoleContext, renderNetwork} from '../../model/index.js';
import {optionalGroup} from '../shared/members.js';
import {sourcesOf} from '../shared/sources.js';
import type {NginxSite} from './options.js';

/** The clients that a web server answers. */
export interface AllowedClients {
  /** For the firewall. */
  readonly audience: readonly Audience[];
  /** Addresses and networks; undefined: everyone. */
  readonly networks: readonly string[] | undefined;
}

/**
 * The clients that `from` names, else the balancers, else everyone. Throws `InputError` for hosts and groups that the
 * inventory does not have.
 */
export function allowedClients(
  {from, balancers}: Pick<NginxSite, 'from' | 'balancers'>,
  context: RoleContext,
): AllowedClients {
  const implied: Audience = optionalGroup(balancers, 'lb', context).length > 0 ? {group: balancers} : 'any';
  const audience = from ?? [implied];
  const sources = sourcesOf(audience, context);
  return {audience, networks: sources === 'any' ? undefined : sources.map(renderNetwork)};
}
