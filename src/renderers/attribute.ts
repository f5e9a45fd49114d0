import {
  type Action,
  type Attribute,
  type AttributeChange,
  Content,
  paint,
  type StyledText,
  styled,
} from '../model/index.js';
import {MASK} from '../shell/index.js';
import {renderContent, renderSensitiveContent} from './content.js';
import {paintShown} from './shown.js';
import {hang, widthOf, wrap} from './text.js';

/** Where an attribute stands: the action on its thing, the thing's name for diff headers, the columns there are. */
export interface AttributePlace {
  readonly action: Action;
  readonly id: string;
  readonly width: number;
}

/** One attribute's change: `mode: 0600 → 0644`, a unified diff for text, the items that come and go of a list. */
export function renderAttribute(change: AttributeChange, place: AttributePlace): StyledText[] {
  if (change.shown) return paintShown(change.shown);
  const {name: label} = change;
  const isContent = isLong(change.before) || isLong(change.after);
  const before = isContent ? contentOf(change.before) : undefined;
  const after = isContent ? contentOf(change.after) : undefined;
  if (change.sensitive && !isContent) return [renderSensitive(change)];
  // Contents know best what of them is secret, unless it is the task that says so.
  const isMarked = [before, after].some((content) => content?.sensitive);
  if (change.sensitive && !isMarked) return [renderSensitiveContent(label, before, after)];
  if (isContent) return renderContent(label, titleOf(change, place), before, after);
  if (place.action === 'update' && isList(change.before) && isList(change.after)) {
    const lines = renderListChange(change.before, change.after);
    if (lines.length > 0) return hang(`${label}: `, lines);
  }
  return hang(`${label}: `, wrap(values(change, place.action), place.width - widthOf(label) - 2));
}

/** Contents, and the strings that read best as such: long ones and those of several lines. */
function isLong(value: Attribute): boolean {
  return value instanceof Content || (typeof value === 'string' && (value.includes('\n') || value.length > 400));
}

function contentOf(value: Attribute): Content | undefined {
  return value === undefined || value instanceof Content ? value : Content.of(String(value));
}

function titleOf({name}: AttributeChange, {id}: AttributePlace): string {
  return name === 'content' ? id : `${id} (${name})`;
}

function renderSensitive({name, before, after}: AttributeChange): StyledText {
  return styled`${name}: ${MASK}${before !== undefined && after !== undefined ? ' changes' : ''}`;
}

function renderListChange(before: readonly string[], after: readonly string[]): StyledText[] {
  return [
    ...after.filter((item) => !before.includes(item)).map((item) => paint('green', `+ ${item}`)),
    ...before.filter((item) => !after.includes(item)).map((item) => paint('red', `- ${item}`)),
  ];
}

function values({before, after}: AttributeChange, action: Action): string {
  if (action === 'delete') return value(before);
  return before === undefined && action !== 'update' ? value(after) : `${value(before)} → ${value(after)}`;
}

function value(attribute: Attribute): string {
  if (attribute === undefined) return '(none)';
  if (isList(attribute)) return attribute.length === 0 ? '(none)' : attribute.join(', ');
  const text = String(attribute);
  return text === '' || text !== text.trim() ? JSON.stringify(text) : text;
}

const isList = (value: Attribute): value is readonly string[] => Array.isArray(value);
