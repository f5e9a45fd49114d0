import {type Plan, type StyledText, severalLines, visibleJson} from '../model/index.js';
import {type PlanRecord, renderTerraformJson, type TerraformHead} from '../plans/index.js';
import {countPlan, type PlanStyle, renderMarkdown, renderPlan} from '../renderers/index.js';

/** How a plan is shown. */
export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** A plan as text or Markdown. */
export function renderAs(plan: Plan, format: Exclude<PlanFormat, 'json'>, style: PlanStyle): StyledText {
  return format === 'markdown' ? severalLines(renderMarkdown(plan, style.detail)) : renderPlan(plan, style);
}

/** A plan as JSON, with the whole states that policies ask for. */
export function renderJson(record: PlanRecord, head: Omit<TerraformHead, 'counts'>): StyledText {
  return severalLines(visibleJson(renderTerraformJson(record, {...head, counts: {...countPlan(record)}})));
}
