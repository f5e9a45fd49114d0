/** Open ports, for which clients they are open and why, in words. */
export interface OpenPorts {
  /** `tcp 80, 443`. */
  readonly ports: string;
  readonly from: string;
  readonly because: string;
}

/** Clients outside, the address that balancers share, or hosts of one kind. */
export interface Vertex {
  /** Letters and digits; the same for the same inventory and playbook. */
  readonly id: string;
  readonly kind: 'outside' | 'address' | 'hosts';
  readonly title: string;
  /** A line for each host with its address, or one line for many hosts. */
  readonly lines: readonly VertexLine[];
  /** The open ports of these hosts that not all hosts have. */
  readonly entries: readonly OpenPorts[];
}

/** A host and its address, an address, or a line for many hosts. */
export interface VertexLine {
  readonly name: string;
  /** May be empty. */
  readonly detail: string;
}

/** A connection that is allowed from one vertex to another. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** It is allowed in the other direction too, to the same ports. */
  readonly both: boolean;
  /** Empty when an address leads to its hosts. */
  readonly entries: readonly OpenPorts[];
}

/** Which hosts and clients may connect to which, and on which ports. */
export interface Topology {
  readonly title: string;
  readonly vertices: readonly Vertex[];
  readonly links: readonly Link[];
  /** Ports that every host has open to the same audience, usually SSH: listed once instead of drawn. */
  readonly everywhere: readonly OpenPorts[];
}

/** The topology in sentences, for readers who do not see the drawing. */
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

/** An opening that every host has, as a sentence. */
export function describeCommon({ports, because, from}: OpenPorts): string {
  return `Every host has ${ports} open for ${from} (${because}).`;
}
