import {type Bend, type Point, pointOn} from './bend.js';
import {monoWidth} from './box.js';
import type {Link} from './topology.js';

/** Ports beside a line; `x` and `y` are the middle, in pixels. */
export interface Label extends Point {
  readonly text: string;
  readonly width: number;
}

/** A link as the bends of its line, from above; `up` where it leads upwards. */
export interface Line {
  readonly link: Link;
  readonly up: boolean;
  readonly bends: readonly Bend[];
}

/** Height of a label in pixels. */
export const LABEL_HEIGHT = 20;

/** A label for each line that leads to ports, where it covers as little as possible of other labels and lines. */
export function placeLabels(lines: readonly Line[]): readonly (Label | undefined)[] {
  const placed: (Label | undefined)[] = [];
  for (const line of lines) {
    const others = lines.filter((other) => other !== line).flatMap(({bends}) => bends.flatMap(pointsOf));
    placed.push(placeLabel(line, others, placed));
  }
  return placed;
}

/** Where on its curve a label may stand, and how much of its width beside it; the best place first. */
const PLACES = [0, -0.3, 0.3].flatMap((aside) =>
  [0.5, 0.6, 0.4, 0.7, 0.3, 0.77, 0.23, 0.84, 0.16].map((t) => ({t, aside})),
);

/** A covered label is worse than any number of covered points. */
const LABEL_COST = 1000;

/** On the bend that meets the host whose ports they are. */
function placeLabel({link, up, bends}: Line, points: readonly Point[], taken: readonly (Label | undefined)[]) {
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

/** Close enough to each other that a label covers some. */
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
