import {type StyledText, severalLines, visibleJson} from '../model/index.js';
import {type PlanRecord, renderTerraformJson, restorePlan, type TerraformHead} from '../plans/index.js';
import {countPlan, type PlanStyle, renderMarkdown, renderPlan} from '../renderers/index.js';

/** How a plan is shown. */
export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** A plan as JSON or Markdown: made from its record, so that a saved plan gives the same as the one it was saved from. */
export function renderRecord(
  record: PlanRecord,
  format: PlanFormat,
  head: Omit<TerraformHead, 'counts'>,
  style: PlanStyle,
  root: string,
): StyledText {
  const plan = restorePlan(record, root);
  if (format === 'json')
    return severalLines(visibleJson(renderTerraformJson(record, {...head, counts: {...countPlan(plan)}})));
  return format === 'markdown' ? severalLines(renderMarkdown(plan, style.detail)) : renderPlan(plan, style);
}
