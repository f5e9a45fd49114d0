import {type Diff, type DiffBody, type DiffRow, unreachable} from '../model/index.js';

/** A diff, or its first part, and how many characters of text that is. */
interface Cut {
  readonly diff: Diff;
  readonly length: number;
}

/** As many lines of a diff as fit into `most` characters; the rest is counted. */
export function cutDiff({name, ...body}: Diff, most: number): Cut {
  const budget = new Budget(most);
  const kept = partOf(name, body, budget);
  const length = most - budget.free;
  if (budget.left === 0) return {diff: {name, ...body}, length};
  return {diff: {name, kind: 'cut', ...(kept && {kept}), left: budget.left}, length};
}

/** Takes lines for as long as they fit, and counts those that come after. */
class Budget {
  free: number;
  left = 0;

  constructor(free: number) {
    this.free = free;
  }

  take(length: number): boolean {
    if (this.left > 0 || length + 1 > this.free) {
      this.left += 1;
      return false;
    }
    this.free -= length + 1;
    return true;
  }

  rows(rows: readonly DiffRow[]): readonly DiffRow[] {
    return rows.filter(({pieces}) => this.take(1 + pieces.reduce((sum, {text}) => sum + text.length, 0)));
  }

  items(items: readonly string[]): readonly string[] {
    return items.filter((item) => this.take(2 + item.length));
  }
}

function partOf(name: string, body: DiffBody, budget: Budget): DiffBody | undefined {
  switch (body.kind) {
    case 'value':
    case 'hidden':
    case 'digests':
      return budget.take(name.length + JSON.stringify(body).length) ? body : undefined;
    case 'items':
      return {...body, added: budget.items(body.added), removed: budget.items(body.removed)};
    case 'lines': {
      const isBegun = budget.take(`${name}: ${body.count} lines`.length);
      const rows = budget.rows(body.rows);
      return isBegun ? {...body, rows} : undefined;
    }
    case 'hunks': {
      const isBegun = budget.take(body.title.length + 4) && budget.take(body.title.length + 4);
      const hunks = body.hunks.map((hunk) => ({...hunk, rows: budget.rows(hunk.rows)}));
      return isBegun ? {...body, hunks: hunks.filter(({rows}) => rows.length > 0)} : undefined;
    }
    case 'cut':
      return body;
    default:
      return unreachable(body);
  }
}
