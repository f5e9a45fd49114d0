/** Repeated measurements of one thing. Seconds. */
export interface Figures {
  readonly runs: readonly number[];
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Throws when there is no run. */
export function figuresOf(runs: readonly number[]): Figures {
  const sorted = [...runs].sort((left, right) => left - right);
  return {runs, median: quantile(sorted, 0.5), least: quantile(sorted, 0), most: quantile(sorted, 1)};
}

/** How many times longer the first takes: of the medians, and of each pair of runs that were measured side by side. */
export interface Ratio {
  readonly ofMedians: number;
  readonly least: number;
  readonly most: number;
}

export function ratioOf(above: Figures, below: Figures): Ratio {
  const pairs = above.runs.flatMap((run, index) => {
    const other = below.runs[index];
    return other === undefined ? [] : [run / other];
  });
  const {least, most} = figuresOf(pairs);
  return {ofMedians: above.median / below.median, least, most};
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined) throw new Error('nothing was measured');
  return (low + high) / 2;
}
