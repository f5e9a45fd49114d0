import {sizeOf} from './box.js';
import type {Link, Topology, Vertex} from './topology.js';

/** A place in a row: for a vertex, or for a line that passes through. `x` is its middle. */
export interface Cell {
  readonly vertex?: Vertex;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly x: number;
}

/** A link as the cells that it passes, from the upper row to the lower one, one in each row. */
export interface Chain {
  readonly link: Link;
  /** The link leads upwards, to the first cell. */
  readonly up: boolean;
  readonly cells: readonly Cell[];
}

/** The rows from top to bottom, and the links between their cells. */
export interface Grid {
  readonly rows: readonly (readonly Cell[])[];
  readonly chains: readonly Chain[];
}

/** A cell that is moved in place. */
type Moving = {-readonly [Key in keyof Cell]: Cell[Key]};

const GAP = 44;
const LANE = 28;

/** After as many sweeps, nothing moves by a pixel in drawings of a dozen rows. */
const SWEEPS = 60;

/**
 * Every vertex in the row of its rank, as near to the vertices it is linked with as its neighbours in the row allow.
 */
export function gridOf({vertices, links}: Pick<Topology, 'vertices' | 'links'>): Grid {
  const ranks = ranksOf(vertices, links);
  const cells = new Map(
    vertices.map((vertex) => [vertex.id, {vertex, row: ranks.get(vertex.id) ?? 0, ...sizeOf(vertex), x: 0}] as const),
  );
  const chains = links.flatMap((link): (Chain & {cells: Moving[]})[] => {
    const [from, to] = [cells.get(link.from), cells.get(link.to)];
    if (from === undefined || to === undefined || from === to) return [];
    const [upper, lower] = from.row < to.row ? [from, to] : [to, from];
    return [{link, up: upper === to, cells: [upper, ...lanesBetween(upper.row, lower.row), lower]}];
  });
  const all = new Set<Moving>([...cells.values(), ...chains.flatMap((chain) => chain.cells)]);
  const count = Math.max(0, ...[...all].map(({row}) => row + 1));
  const rows = Array.from({length: count}, (_, row) => [...all].filter((cell) => cell.row === row));
  arrange(rows, chains);
  return {rows, chains};
}

function lanesBetween(upper: number, lower: number): Moving[] {
  return Array.from({length: Math.max(0, lower - upper - 1)}, (_, index) => {
    return {row: upper + 1 + index, width: LANE, height: 0, x: 0};
  });
}

function arrange(rows: readonly Moving[][], chains: readonly {readonly cells: readonly Moving[]}[]): void {
  const pairs = chains.flatMap(({cells}) => cells.slice(1).map((cell, index) => [cells[index] ?? cell, cell] as const));
  const desiredOf = (cell: Moving) => {
    const others = pairs.flatMap(([a, b]) => (a === cell ? [b.x] : b === cell ? [a.x] : []));
    return others.length === 0 ? cell.x : others.reduce((sum, x) => sum + x, 0) / others.length;
  };
  for (const row of rows) place(row, () => 0);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 === 0 ? rows : rows.toReversed()) {
      const positions = new Map(row.map((cell) => [cell, desiredOf(cell)]));
      const desired = (cell: Moving) => positions.get(cell) ?? 0;
      row.sort((a, b) => desired(a) - desired(b));
      place(row, desired);
    }
  }
}

/** Places the cells of a row as near to the desired positions as their order and the gaps allow. */
function place(row: readonly Moving[], desired: (cell: Moving) => number): void {
  let end = Number.NEGATIVE_INFINITY;
  for (const cell of row) {
    cell.x = Math.max(desired(cell), end + GAP + cell.width / 2);
    end = cell.x + cell.width / 2;
  }
  const shift = row.reduce((sum, cell) => sum + desired(cell) - cell.x, 0) / Math.max(1, row.length);
  for (const cell of row) cell.x += shift;
}

/**
 * The row of each vertex: the length of the longest path to it from vertices without incoming links. Links that close a
 * cycle are ignored. A vertex with more outgoing than incoming links is right above the first vertex that it connects
 * to, which makes the lines shorter.
 */
export function ranksOf(vertices: readonly Vertex[], links: readonly Link[]): ReadonlyMap<string, number> {
  const order = inOrder(vertices, links);
  const forward = links.filter(({from, to}) => order.indexOf(from) < order.indexOf(to));
  const ranks = new Map<string, number>();
  const rankOf = (id: string) => ranks.get(id) ?? 0;
  for (const id of order) {
    const above = forward.filter(({to}) => to === id).map(({from}) => rankOf(from));
    ranks.set(id, Math.max(-1, ...above) + 1);
  }
  for (const id of order.toReversed()) {
    const below = forward.filter(({from}) => from === id).map(({to}) => rankOf(to));
    if (below.length > forward.filter(({to}) => to === id).length) ranks.set(id, Math.min(...below) - 1);
  }
  return ranks;
}

/** The ids of the vertices, so that only the links that close a cycle lead from a later one to an earlier one. */
function inOrder(vertices: readonly Vertex[], links: readonly Link[]): readonly string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const {from, to} of links) if (from === id) visit(to);
    order.unshift(id);
  };
  for (const {id} of vertices) visit(id);
  return order;
}
