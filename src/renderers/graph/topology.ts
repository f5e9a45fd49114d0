/** What is open: on which ports, for whom and what for, in words. */
export interface OpenPorts {
  /** `tcp 80, 443`. */
  readonly ports: string;
  readonly from: string;
  readonly because: string;
}

/** Those who connect from outside, the address that balancers share, or hosts of one kind. */
export interface Vertex {
  /** Letters and digits; the same for the same inventory and playbook. */
  readonly id: string;
  readonly kind: 'outside' | 'address' | 'hosts';
  readonly title: string;
  /** One host each, with its address; or what stands for many. */
  readonly lines: readonly VertexLine[];
  /** What these hosts have open, apart from what all hosts have. */
  readonly entries: readonly OpenPorts[];
}

/** A host and its address, an address, or what stands for many hosts. */
export interface VertexLine {
  readonly name: string;
  /** May be empty. */
  readonly detail: string;
}

/** Who connects to whom. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** The other one connects as well, to the same ports. */
  readonly both: boolean;
  /** Empty where an address leads to its hosts. */
  readonly entries: readonly OpenPorts[];
}

/** Who may connect to whom on which ports. */
export interface Topology {
  readonly title: string;
  readonly vertices: readonly Vertex[];
  readonly links: readonly Link[];
  /** What every host has open for the same people, SSH as a rule: told once instead of drawn. */
  readonly everywhere: readonly OpenPorts[];
}

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
export function describeCommon({ports, because, from}: OpenPorts): string {
  return `Every host has ${ports} open for ${from} (${because}).`;
}
