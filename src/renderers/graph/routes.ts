import {monoWidth, round} from './box.js';
import type {Cell, Chain, Grid} from './rows.js';
import type {Link} from './topology.js';

/** The line of a link, with the ports it leads to. */
export interface Route {
  readonly link: Link;
  /** Path data of SVG, without the points of its arrows. */
  readonly path: string;
  /** Where arrows point, and whether upwards. */
  readonly arrows: readonly {readonly x: number; readonly y: number; readonly up: boolean}[];
  /** Undefined if there are no ports. `x` and `y` are its middle. */
  readonly label: Label | undefined;
}

/** Ports next to a line; `x` and `y` are its middle, in pixels. */
interface Label extends Point {
  readonly text: string;
  readonly width: number;
}

/** A point of the drawing, in pixels from its left upper corner. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve between two rows, from its upper to its lower end. */
interface Bend {
  readonly from: Point;
  readonly to: Point;
}

/** Upper and lower edges of the rows, and a number to add to each `x`. */
export interface Frame {
  readonly tops: readonly number[];
  readonly bottoms: readonly number[];
  readonly shift: number;
}

/** Length of an arrow's point in pixels. */
export const ARROW = 9;

/** Height of a label in pixels. */
export const LABEL_HEIGHT = 20;

/**
 * The lines of all links. Lines that meet the same side of a box are spread over it, in the order of their other ends.
 */
export function routesOf({chains}: Grid, frame: Frame): readonly Route[] {
  const lines = chains.map((chain) => ({...chain, bends: bendsOf(chain, chains, frame)}));
  const labels = placeLabels(lines);
  return lines.map((line, index) => routeOf(line, labels[index], frame));
}

/** A link and the bends of its line, from top to bottom. */
interface BentLine extends Chain {
  readonly bends: readonly Bend[];
}

function routeOf({link, up, cells, bends}: BentLine, label: Label | undefined, {tops}: Frame): Route {
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

/** The `x` at which a link meets a side of a cell. */
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

/** A label for each line that leads to ports, placed so that it covers few other labels and lines. */
function placeLabels(lines: readonly BentLine[]): readonly (Label | undefined)[] {
  const placed: (Label | undefined)[] = [];
  for (const line of lines) {
    const others = lines.filter((other) => other !== line).flatMap(({bends}) => bends.flatMap(pointsOf));
    placed.push(placeLabel(line, others, placed));
  }
  return placed;
}

/** Places of a label: a point on the curve, and a shift to the side as a part of its width. The best one is first. */
const PLACES = [0, -0.3, 0.3].flatMap((aside) =>
  [0.5, 0.6, 0.4, 0.7, 0.3, 0.77, 0.23, 0.84, 0.16].map((t) => ({t, aside})),
);

/** A covered label is worse than any number of covered points. */
const LABEL_COST = 1000;

/** Places a label on the bend that meets the host with the ports. */
function placeLabel({link, up, bends}: BentLine, points: readonly Point[], taken: readonly (Label | undefined)[]) {
  const bend = up ? bends[0] : bends.at(-1);
  if (bend === undefined || link.entries.length === 0) return undefined;
  const text = portsOf(link);
  const width = monoWidth(text) + 12;
  const ranked = PLACES.map(({t, aside}) => {
    const {x, y} = pointOn(bend, t);
    const label: Label = {text, width, x: x + aside * width, y};
    const labels = taken.filter((other) => other && meets(label, other, other.width, LABEL_HEIGHT));
    const cost = LABEL_COST * labels.length + points.filter((point) => meets(label, point, 0, 0)).length;
    return {label, cost};
  });
  return ranked.toSorted((a, b) => a.cost - b.cost)[0]?.label;
}

/** Points on a bend, so close to each other that a label cannot lie between two of them. */
const pointsOf = (bend: Bend) => Array.from({length: 33}, (_, index) => pointOn(bend, index / 32));

function meets(label: Label, {x, y}: Point, width: number, height: number): boolean {
  return (
    Math.abs(label.x - x) < (label.width + width) / 2 + 3 && Math.abs(label.y - y) < (LABEL_HEIGHT + height) / 2 + 2
  );
}

/** `tcp 443, 3306 · udp 53`. */
function portsOf({entries}: Link): string {
  const ports = new Map<string, string[]>();
  for (const entry of entries) {
    const [, protocol = '', numbers = ''] = /^(tcp|udp) (.*)$/.exec(entry.ports) ?? ['', entry.ports];
    ports.set(protocol, [...(ports.get(protocol) ?? []), ...numbers.split(', ')]);
  }
  return [...ports].map(([protocol, numbers]) => `${protocol} ${sortedOnce(numbers).join(', ')}`.trim()).join(' · ');
}

const sortedOnce = (numbers: readonly string[]) => [...new Set(numbers)].sort((a, b) => Number(a) - Number(b));

/** The point at `t`, from 0 to 1, of the cubic curve whose handles are in the middle between its ends. */
function pointOn({from, to}: Bend, t: number): Point {
  const s = 1 - t;
  const middle = (from.y + to.y) / 2;
  const x = from.x * (s ** 3 + 3 * s * s * t) + to.x * (3 * s * t * t + t ** 3);
  return {x, y: from.y * s ** 3 + middle * (3 * s * s * t + 3 * s * t * t) + to.y * t ** 3};
}
