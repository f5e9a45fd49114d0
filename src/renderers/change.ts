import type {Action, AttributeChange, PlannedTask} from '../model/index.js';
import {renderAttribute} from './attribute.js';
import {DEFAULT_WIDTH} from './color.js';

/** One attribute's change as a plan shows it, without colour: to be kept where the values themselves may not be. */
export function renderChange(change: AttributeChange, {task, verdict}: PlannedTask): string[] {
  return renderChanged(change, verdict.type === 'change' ? verdict.action : 'update', task.id);
}

/** The same for what was done to the thing with this id. */
export function renderChanged(change: AttributeChange, action: Action, id: string): string[] {
  return renderAttribute(change, {action, id, width: DEFAULT_WIDTH - MARGIN}).map(String);
}

/** The same for what differs between two states of a thing, neither of which anybody wished. */
export function renderDifference(change: AttributeChange, id: string): string[] {
  return renderChanged(change, 'update', id);
}

/** Columns before an attribute in a plan. */
const MARGIN = 6;
