import type {Bend} from './bend.js';
import {type Label, placeLabels} from './labels.js';
import type {Cell, Chain, Grid} from './rows.js';
import type {Link} from './topology.js';
import {round} from './xml.js';

/** A line of the drawing, with the ports it leads to. */
export interface Route {
  readonly link: Link;
  /** Path data of SVG, without the points of its arrows. */
  readonly path: string;
  /** Where arrows point, and whether upwards. */
  readonly arrows: readonly {readonly x: number; readonly y: number; readonly up: boolean}[];
  /** Undefined where there are no ports to tell. `x` and `y` are its middle. */
  readonly label: Label | undefined;
}

/** Upper and lower edges of the rows, and what is to be added to each `x`. */
export interface Frame {
  readonly tops: readonly number[];
  readonly bottoms: readonly number[];
  readonly shift: number;
}

/** Length of an arrow's point in pixels. */
export const ARROW = 9;

/** Lines that meet the same side of a box are spread over it, in the order of what they come from. */
export function routesOf({chains}: Grid, frame: Frame): readonly Route[] {
  const bends = chains.map((chain) => bendsOf(chain, chains, frame));
  const labels = placeLabels(chains.map(({link, up}, index) => ({link, up, bends: bends[index] ?? []})));
  return chains.map((chain, index) => routeOf(chain, bends[index] ?? [], labels[index], frame));
}

function routeOf({link, up, cells}: Chain, bends: readonly Bend[], label: Label | undefined, {tops}: Frame): Route {
  const upper = cells[0];
  const end = bends.at(-1)?.to;
  const start = {x: bends[0]?.from.x ?? 0, y: (tops[upper?.row ?? 0] ?? 0) + (upper?.height ?? 0)};
  const points = {down: link.both || !up, up: link.both || up};
  const arrows = [...(points.down && end ? [{...end, up: false}] : []), ...(points.up ? [{...start, up: true}] : [])];
  return {link, path: pathOf(start, bends, points), arrows, label};
}

function bendsOf({cells, link}: Chain, chains: readonly Chain[], {tops, bottoms, shift}: Frame): readonly Bend[] {
  return cells.slice(1).map((lower, index) => {
    const upper = cells[index] ?? lower;
    const from = {x: endOf(upper, 'below', link, chains) + shift, y: bottoms[upper.row] ?? 0};
    return {from, to: {x: endOf(lower, 'above', link, chains) + shift, y: tops[lower.row] ?? 0}};
  });
}

/** Where a link meets that side of a cell. */
function endOf(cell: Cell, side: 'above' | 'below', link: Link, chains: readonly Chain[]): number {
  if (cell.vertex === undefined) return cell.x;
  const step = side === 'below' ? 1 : -1;
  const others = chains.flatMap((chain) => {
    const next = chain.cells.includes(cell) ? chain.cells[chain.cells.indexOf(cell) + step] : undefined;
    return next ? [{link: chain.link, x: next.x}] : [];
  });
  const order = others.toSorted((a, b) => a.x - b.x).findIndex((each) => each.link === link);
  return cell.x - cell.width / 2 + (cell.width * (order + 1)) / (others.length + 1);
}

function pathOf(start: Bend['from'], bends: readonly Bend[], {down, up}: {down: boolean; up: boolean}): string {
  const parts = bends.map(({from, to}, index) => {
    const middle = round((from.y + to.y) / 2);
    const end = index === bends.length - 1 && down ? to.y - ARROW + 1 : to.y;
    return `V${round(from.y)}C${round(from.x)} ${middle} ${round(to.x)} ${middle} ${round(to.x)} ${round(end)}`;
  });
  return `M${round(start.x)} ${round(start.y + (up ? ARROW - 1 : 0))}${parts.join('')}`;
}
