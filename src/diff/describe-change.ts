import {
  type Action,
  type Attribute,
  type AttributeChange,
  Content,
  type Diff,
  type DiffBody,
  type DiffRow,
  type DiffValue,
  unreachable,
} from '../model/index.js';
import {diffContents, hiddenContent} from './content.js';
import type {MaskText} from './content-lines.js';

/** The thing that has an attribute. */
export interface Thing {
  /** What the change does to the thing. */
  readonly action: Action;
  /** Its name, for the title of a diff. */
  readonly id: string;
}

/** One attribute's change as data: short values, the items added to a list and removed from it, a diff of a text. */
export function describeChange(change: AttributeChange, thing: Thing, mask: MaskText): Diff {
  return {name: mask(change.name), ...bodyOf(change, thing, mask)};
}

/** What changes in a text file of the user's own machine: a diff under its path, or all lines of a new one. */
export function describeFile(path: string, before: string | undefined, after: string): Diff {
  const change = {title: path, before: before === undefined ? undefined : Content.of(before), after: Content.of(after)};
  return {name: path, ...diffContents(change, (text) => text)};
}

function bodyOf(change: AttributeChange, {action, id}: Thing, mask: MaskText): DiffBody {
  const {name, before, after, sensitive} = change;
  if (!isLong(before) && !isLong(after)) {
    if (sensitive) return {kind: 'hidden', changes: before !== undefined && after !== undefined};
    return describeValues(change, action, mask);
  }
  const [old, fresh] = [contentOf(before), contentOf(after)];
  // Contents know which of their parts are secret, unless the task declares all of them secret.
  if (sensitive && !old?.sensitive && !fresh?.sensitive) return hiddenContent(old, fresh);
  return diffContents({title: name === 'content' ? id : `${id} (${name})`, before: old, after: fresh}, mask);
}

/** Contents, and the strings that read best as such: long ones and those of several lines. */
function isLong(value: Attribute): boolean {
  return value instanceof Content || (typeof value === 'string' && (value.includes('\n') || value.length > 400));
}

function contentOf(value: Attribute): Content | undefined {
  return value === undefined || value instanceof Content ? value : Content.of(String(value));
}

function describeValues({before, after}: AttributeChange, action: Action, mask: MaskText): DiffBody {
  if (action === 'update' && isList(before) && isList(after)) {
    const added = after.filter((item) => !before.includes(item)).map(mask);
    const removed = before.filter((item) => !after.includes(item)).map(mask);
    if (added.length + removed.length > 0) return {kind: 'items', added, removed};
  }
  const [old, fresh] = [shortOf(before, mask), shortOf(after, mask)];
  if (action === 'delete') return {kind: 'value', before: old};
  if (before === undefined && action !== 'update') return {kind: 'value', after: fresh};
  return {kind: 'value', before: old, after: fresh};
}

function shortOf(attribute: Attribute, mask: MaskText): DiffValue {
  if (attribute === undefined) return null;
  if (isList(attribute)) return attribute.map(mask);
  return typeof attribute === 'number' || typeof attribute === 'boolean' ? attribute : mask(String(attribute));
}

const isList = (value: Attribute): value is readonly string[] => Array.isArray(value);

/** As many lines of a diff as fit into `most` characters; the rest is counted. */
export function cutDiff({name, ...body}: Diff, most: number): Cut {
  const budget = new Budget(most);
  const kept = partOf(name, body, budget);
  const length = most - budget.free;
  if (budget.left === 0) return {diff: {name, ...body}, length};
  return {diff: {name, kind: 'cut', ...(kept && {kept}), left: budget.left}, length};
}

/** A diff, or its first part, and how many characters of text that is. */
interface Cut {
  readonly diff: Diff;
  readonly length: number;
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
