import type {Host, Opening} from '../../model/index.js';
import {entryOf} from './entry.js';
import {type Kind, kindsOf, type Listener} from './kinds.js';
import {linksOf} from './links.js';
import type {Line, Topology, Vertex} from './topology.js';

/** The topology that follows from what hosts listen to. Hosts of the same groups with the same openings are one vertex. */
export function topologyOf(title: string, listeners: readonly Listener[]): Topology {
  const common = commonOpenings(listeners);
  const kinds = kindsOf(
    listeners.map(({host, openings}) => ({host, openings: openings.filter((each) => !has(common, each))})),
  );
  const {outside, addresses, links} = linksOf(kinds);
  const vertices = [...outside, ...addresses, ...kinds.map(vertexOf)];
  return {title, vertices, links, everywhere: common.map(entryOf)};
}

/** None where there is only one host: nothing would be left to draw. */
function commonOpenings([first, ...others]: readonly Listener[]): readonly Opening[] {
  if (first === undefined || others.length === 0) return [];
  return first.openings.filter((opening) => others.every(({openings}) => has(openings, opening)));
}

function has(openings: readonly Opening[], opening: Opening): boolean {
  return openings.some((each) => JSON.stringify(each) === JSON.stringify(opening));
}

function vertexOf({id, hosts, openings}: Kind): Vertex {
  const groups = hosts[0]?.groups.filter((name) => name !== 'all') ?? [];
  const title = groups.join(' · ') || 'no group';
  return {id, kind: 'hosts', title, lines: linesOf(hosts), entries: openings.map(entryOf)};
}

/** More hosts than these are told by their number. */
const MOST_HOSTS = 8;

function linesOf(hosts: readonly Host[]): readonly Line[] {
  const ends = `${hosts[0]?.name} … ${hosts.at(-1)?.name}`;
  if (hosts.length > MOST_HOSTS) return [{name: `${hosts.length} hosts`, detail: ends}];
  return hosts.map(({name, address}) => ({name, detail: name === address ? '' : address}));
}
