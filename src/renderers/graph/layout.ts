import {type Route, routesOf} from './routes.js';
import {type Cell, gridOf} from './rows.js';
import type {Topology, Vertex} from './topology.js';

/** A box: its left upper corner and its size. */
export interface PlacedVertex {
  readonly vertex: Vertex;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The positions of everything, in pixels from the left upper corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly vertices: readonly PlacedVertex[];
  readonly routes: readonly Route[];
}

/** Pixels at each side of the drawing, and between two rows, where the lines and their ports are. */
const MARGIN = 32;
const ROW_GAP = 108;

/** Rows from the clients downwards. `above` and `below`: pixels to leave free; `least`: the smallest width. */
export function layOut(
  topology: Topology,
  {above, below, least}: {above: number; below: number; least: number},
): Layout {
  const grid = gridOf(topology);
  const cells = grid.rows.flat();
  const spans = cells.length > 0 ? cells : [{x: 0, width: 0}];
  const left = Math.min(...spans.map(({x, width}) => x - width / 2));
  const right = Math.max(...spans.map(({x, width}) => x + width / 2));
  const width = Math.max(least, right - left + 2 * MARGIN);
  const shift = (width - (right + left)) / 2;
  const tops = topsOf(grid.rows, above);
  const bottoms = grid.rows.map((row, index) => (tops[index] ?? 0) + heightOf(row));
  const vertices = cells.flatMap(({vertex, x, row, width, height}) =>
    vertex ? [{vertex, x: x + shift - width / 2, y: tops[row] ?? 0, width, height}] : [],
  );
  const routes = routesOf(grid, {tops, bottoms, shift});
  return {width, height: (bottoms.at(-1) ?? above) + below, vertices, routes};
}

function topsOf(rows: readonly (readonly Cell[])[], above: number): readonly number[] {
  return rows.map((_, index) => rows.slice(0, index).reduce((sum, row) => sum + heightOf(row) + ROW_GAP, above));
}

const heightOf = (row: readonly Cell[]) => Math.max(0, ...row.map(({height}) => height));
