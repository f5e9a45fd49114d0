import {diffContents, hiddenContent} from '../../src/diff/content.js';
import {describeChange} from '../../src/diff/index.js';
import {
  type Action,
  type AttributeChange,
  type Content,
  type Diff,
  type RunEvent,
  type StyledText,
  terminalText,
} from '../../src/model/index.js';
import * as renderers from '../../src/renderers/index.js';
import * as rows from '../../src/renderers/progress/live-rows.js';

/** What a terminal shows of it, with or without colours. */
interface Colour {
  readonly color?: boolean;
}

const linesOf = (lines: readonly StyledText[], color: boolean) => lines.map((line) => terminalText(line, color));

export const renderPlan = (plan: Parameters<typeof renderers.renderPlan>[0], style: Style = {}) =>
  terminalText(renderers.renderPlan(plan, style), style.color);

type Style = Colour & Parameters<typeof renderers.renderPlan>[1];

export const renderFailure = (...given: Parameters<typeof renderers.renderFailure>) =>
  String(renderers.renderFailure(...given));

export const renderSummary = (...given: Parameters<typeof renderers.renderSummary>) =>
  String(renderers.renderSummary(...given));

export const renderDiagnostics = (faults: Parameters<typeof renderers.renderDiagnostics>[0], {color}: Colour) =>
  terminalText(renderers.renderDiagnostics(faults), color);

const asIs = (text: string) => text;

/** Where an attribute stands: the action on its thing, the thing's name for diff headers, the columns there are. */
interface Place {
  readonly action: Action;
  readonly id: string;
  readonly width: number;
}

export const renderDiff = (diff: Diff, color = false, width = 80) => linesOf(renderers.renderDiff(diff, width), color);

export const renderAttribute = (change: AttributeChange, {width, ...thing}: Place, color = false) =>
  renderDiff(describeChange(change, thing, asIs), color, width);

export const renderContent = (
  name: string,
  title: string,
  before: Content | undefined,
  after: Content | undefined,
  color = false,
) => renderDiff({name, ...diffContents({title, before, after}, asIs)}, color);

export const renderSensitiveContent = (name: string, before: Content | undefined, after: Content | undefined) =>
  renderDiff({name, ...hiddenContent(before, after)}).join('\n');

export const renderRows = (...given: Parameters<typeof rows.renderRows>) => rows.renderRows(...given).map(String);

/** All that plain progress tells of events. */
export function plainText(events: readonly RunEvent[], options: renderers.PlainOptions = {}): string {
  let text = '';
  events.forEach(renderers.plainProgress((line) => (text += line), options));
  return text;
}
