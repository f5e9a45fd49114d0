import {type RunEvent, type StyledText, terminalText} from '../../src/model/index.js';
import * as attribute from '../../src/renderers/attribute.js';
import * as content from '../../src/renderers/content.js';
import * as renderers from '../../src/renderers/index.js';
import * as rows from '../../src/renderers/live-rows.js';

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

export const renderAttribute = (
  change: Parameters<typeof attribute.renderAttribute>[0],
  place: Parameters<typeof attribute.renderAttribute>[1],
  color = false,
) => linesOf(attribute.renderAttribute(change, place), color);

export const renderContent = (
  label: string,
  name: string,
  before: Parameters<typeof content.renderContent>[2],
  after: Parameters<typeof content.renderContent>[3],
  color = false,
) => linesOf(content.renderContent(label, name, before, after), color);

export const renderSensitiveContent = (...given: Parameters<typeof content.renderSensitiveContent>) =>
  String(content.renderSensitiveContent(...given));

export const renderRows = (...given: Parameters<typeof rows.renderRows>) => rows.renderRows(...given).map(String);

/** All that plain progress tells of events. */
export function plainText(events: readonly RunEvent[], options: renderers.PlainOptions = {}): string {
  let text = '';
  events.forEach(renderers.plainProgress((line) => (text += line), options));
  return text;
}
