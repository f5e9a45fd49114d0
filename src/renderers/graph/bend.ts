/** A point of the drawing, in pixels from its left upper corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve between two rows, from its upper to its lower end. */
export interface Bend {
  readonly from: Point;
  readonly to: Point;
}

/** The point at `t`, 0 to 1, of the cubic curve whose handles stand half way between its ends. */
export function pointOn({from, to}: Bend, t: number): Point {
  const s = 1 - t;
  const middle = (from.y + to.y) / 2;
  const x = from.x * (s ** 3 + 3 * s * s * t) + to.x * (3 * s * t * t + t ** 3);
  return {x, y: from.y * s ** 3 + middle * (3 * s * s * t + 3 * s * t * t) + to.y * t ** 3};
}
