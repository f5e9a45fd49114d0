import type {Project} from '../local/project.js';
import {type Plan, type StyledText, severalLines, visibleJson} from '../model/index.js';
import {type PlanFile, type PlanRecord, renderTerraformJson, type TerraformHead} from '../plans/index.js';
import {countPlan, type PlanStyle, renderMarkdown, renderPlan} from '../renderers/index.js';
import {type Console, openConsole, reportingFaults} from './console.js';
import {detailOf, type OutputOptions} from './output-options.js';
import {findApplied} from './saved-plan/plan-applied.js';
import {changedSources} from './saved-plan/plan-sources.js';
import {knownPlanDigest, loadPlanFile} from './saved-plan/saved-plan.js';

/** The formats of a plan. */
export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** A plan as text or Markdown. */
export function renderAs(plan: Plan, format: Exclude<PlanFormat, 'json'>, style: PlanStyle): StyledText {
  return format === 'markdown' ? severalLines(renderMarkdown(plan, style.detail)) : renderPlan(plan, style);
}

/** A plan as JSON, with the whole states that policies need. */
export function renderJson(record: PlanRecord, head: Omit<TerraformHead, 'counts'>): StyledText {
  return severalLines(visibleJson(renderTerraformJson(record, {...head, counts: {...countPlan(record)}})));
}

/** Shows a saved plan. Notices about it, for example that it is out of date, go to standard error. */
export function show(project: Project, file: string, format: PlanFormat, options: OutputOptions = {}): Promise<number> {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    const {plan} = loadPlanFile(file);
    const head = {infraVersion: plan.infraVersion, timestamp: plan.madeAt};
    const style = {...out.style, detail: detailOf(options)};
    out.print(format === 'json' ? renderJson(plan.plan, head) : renderAs(plan.plan, format, style));
    out.notice(`Made on ${plan.madeAt} by ${plan.madeBy}.`);
    const applied = findApplied(project.root, plan.id);
    if (applied) out.notice(`It was applied on ${applied.at} by ${applied.by}. Make a new one: infra plan --out FILE`);
    else await noteChanges(project, plan.files, out);
    return 0;
  });
}

/** Says which files have changed, if the key of the plan is known; a plan can be shown anywhere. */
async function noteChanges(project: Project, files: PlanFile['files'], out: Console): Promise<void> {
  const changed = await changesKnown(project, files);
  if (changed.length > 0) out.notice(`It can no longer be applied: ${changed.join(', ')}.`);
}

async function changesKnown(project: Project, files: PlanFile['files']): Promise<string[]> {
  try {
    const digest = await knownPlanDigest(project);
    return digest ? changedSources(project.root, files, digest) : [];
  } catch {
    return [];
  }
}
