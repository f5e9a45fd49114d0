import type {Host, Opening} from '../../model/index.js';

/** A host, and what its roles listen to. */
export interface Listener {
  readonly host: Host;
  readonly openings: readonly Opening[];
}

/** Hosts that are the same: in the same groups, open for the same people, named by the same audiences. */
export interface Kind {
  readonly id: string;
  readonly hosts: readonly Host[];
  readonly openings: readonly Opening[];
}

/** In the order of their first hosts. */
export function kindsOf(listeners: readonly Listener[]): readonly Kind[] {
  const named = new Set(listeners.flatMap(({openings}) => openings.flatMap(hostsNamed)));
  const kinds = new Map<string, Listener[]>();
  for (const each of listeners) {
    const {groups, vars, name} = each.host;
    const look = JSON.stringify([groups, each.openings, vars.virtualAddress ?? '', named.has(name) ? name : '']);
    kinds.set(look, [...(kinds.get(look) ?? []), each]);
  }
  return [...kinds.values()].map((same, index) => {
    return {id: `hosts${index + 1}`, hosts: same.map(({host}) => host), openings: same[0]?.openings ?? []};
  });
}

/** A host that an audience names may do what others of its groups may not. */
function hostsNamed({from}: Opening): readonly string[] {
  return from.flatMap((audience) => (typeof audience === 'object' && 'host' in audience ? [audience.host] : []));
}
