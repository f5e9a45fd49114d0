import type {Audience, Opening} from '../../model/index.js';
import type {Entry} from './topology.js';

/** An opening in words: `tcp 80, 443`, or `protocol 112`, which has no ports. */
export function entryOf({listens, ports, from, because}: Opening): Entry {
  const name = typeof listens === 'string' ? `${listens} ${ports.join(', ')}` : `protocol ${listens.protocol}`;
  const names = new Set(from.map(audienceName));
  return {ports: name, from: [...names].join(', '), because};
}

function audienceName(audience: Audience): string {
  if (audience === 'any') return 'anyone';
  if ('group' in audience) return audience.group;
  return 'host' in audience ? audience.host : audience.network;
}
