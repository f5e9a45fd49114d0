import type {Entry, Topology} from './topology.js';

/** The topology in sentences, for those who do not see the drawing. */
export function describe({vertices, links, everywhere}: Topology): string {
  const names = new Map(
    vertices.map(({id, title, lines}) => [
      id,
      nameOf(
        title,
        lines.map(({name}) => name),
      ),
    ]),
  );
  const sentences = links.map(({from, to, both, entries}) => {
    const [one, other] = [names.get(from), names.get(to)];
    if (entries.length === 0) return `${one} leads to ${other}.`;
    const what = entries.map(({ports, because}) => `${ports} (${because})`).join(', ');
    if (from === to) return `${one} connect to each other on ${what}.`;
    return both ? `${one} and ${other} connect to each other on ${what}.` : `${one} connects to ${other} on ${what}.`;
  });
  return [...sentences, ...everywhere.map(describeCommon)].join(' ');
}

const nameOf = (title: string, lines: readonly string[]) =>
  lines.length > 0 ? `${title} (${lines.join(', ')})` : title;

/** What every host has open. */
export function describeCommon({ports, because, from}: Entry): string {
  return `Every host has ${ports} open for ${from} (${because}).`;
}
