import type {Link, Vertex} from './topology.js';

/**
 * The row of each vertex: the longest way to it from those that nobody connects to. A link that leads back to where one
 * came from counts for nothing, so going round in a circle ends. Whoever nobody connects to stands right above the first
 * it connects to.
 */
export function ranksOf(vertices: readonly Vertex[], links: readonly Link[]): ReadonlyMap<string, number> {
  const forward = withoutReturns(vertices, links);
  const ranks = new Map<string, number>();
  const rankOf = (id: string): number => {
    const known = ranks.get(id);
    if (known !== undefined) return known;
    const above = forward.filter(({to}) => to === id).map(({from}) => rankOf(from) + 1);
    const rank = Math.max(0, ...above);
    ranks.set(id, rank);
    return rank;
  };
  for (const {id} of vertices) rankOf(id);
  for (const {id} of vertices) {
    const below = forward.filter(({from}) => from === id).map(({to}) => ranks.get(to) ?? 0);
    if (!forward.some(({to}) => to === id) && below.length > 0) ranks.set(id, Math.max(0, Math.min(...below) - 1));
  }
  return ranks;
}

/** Depth first from the first vertex on: a link to one that is still being visited leads back. */
function withoutReturns(vertices: readonly Vertex[], links: readonly Link[]): readonly Link[] {
  const state = new Map<string, 'open' | 'done'>();
  const forward: Link[] = [];
  const visit = (id: string) => {
    if (state.has(id)) return;
    state.set(id, 'open');
    for (const link of links.filter(({from}) => from === id)) {
      visit(link.to);
      if (state.get(link.to) === 'done') forward.push(link);
    }
    state.set(id, 'done');
  };
  for (const {id} of vertices) visit(id);
  return forward;
}
