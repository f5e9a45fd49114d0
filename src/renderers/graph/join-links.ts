import type {Link, OpenPorts} from './topology.js';

/** The link of one opening, from one vertex to another. */
export type FoundLink = Omit<Link, 'both'>;

/**
 * One link for everything that a vertex may reach on another, and one link for both directions if these lead to the
 * same ports, or connect hosts of one kind. Links are in the order of the vertices, whose ids these are.
 */
export function joinLinks(found: readonly FoundLink[], ids: readonly string[]): readonly Link[] {
  const links = merged(found).toSorted(
    (a, b) => ids.indexOf(a.from) - ids.indexOf(b.from) || ids.indexOf(a.to) - ids.indexOf(b.to),
  );
  const backOf = ({from, to, entries}: FoundLink) =>
    links.find((each) => each.from === to && each.to === from && textOf(each.entries) === textOf(entries));
  return links.flatMap((link, index): Link[] => {
    const back = backOf(link);
    if (back === undefined) return [{...link, both: false}];
    return links.indexOf(back) >= index ? [{...link, both: true}] : [];
  });
}

function merged(links: readonly FoundLink[]): readonly FoundLink[] {
  const pairs = new Map<string, FoundLink>();
  for (const link of links) {
    const key = `${link.from} ${link.to}`;
    const entries = [...(pairs.get(key)?.entries ?? []), ...link.entries];
    pairs.set(key, {...link, entries: entries.filter((each, index) => firstLike(each, entries) === index)});
  }
  return [...pairs.values()];
}

/** Ignores `from`, which the link shows. */
const firstLike = ({ports, because}: OpenPorts, entries: readonly OpenPorts[]) =>
  entries.findIndex((each) => each.ports === ports && each.because === because);

const textOf = (entries: readonly OpenPorts[]) => entries.map(({ports, because}) => `${ports} ${because}`).join('\n');
