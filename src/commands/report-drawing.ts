import type {Project} from '../local/project.js';
import {keyCheck, type ParsedPlan} from '../plans/index.js';
import type {RunHead} from '../records/index.js';
import {renderSvg} from '../renderers/graph/index.js';
import type {Drawing} from '../renderers/report/index.js';
import {changedSince} from './file-digests.js';
import {loadTopology} from './load-topology.js';
import {knownPlanDigest} from './plan-key.js';
import {changedSources} from './plan-sources.js';

/** The topology of a run, when playbook and inventory are still those of the run; else why it is left out. */
export async function drawingOfRun(root: string, head: RunHead): Promise<Drawing> {
  const changed = changedSince(head);
  if (changed.length > 0) return leftOut(`${changed.join(' and ')} changed since this run`);
  return draw(root, head.inventory.file, head.playbook.file);
}

/** What is known of a saved plan in this project. */
export interface PlanStanding {
  readonly drawing: Drawing;
  /** What has changed since, so that it cannot be applied any more. */
  readonly changed: readonly string[];
}

/**
 * The topology of a saved plan, when its playbook and inventory have not changed; else why it is left out. Code that a
 * plan only names is not run: the plan must be one of this project's.
 */
export async function standingOf(project: Project, {plan, isSealedBy}: ParsedPlan): Promise<PlanStanding> {
  const {root} = project;
  try {
    const digest = await knownPlanDigest(project);
    if (digest === undefined || keyCheck(digest) !== plan.keyCheck || !isSealedBy(digest))
      return {drawing: leftOut('the plan was not made in this project, or was changed since'), changed: []};
    const drawn = plan.files.filter(({role}) => ['playbook', 'package', 'inventory'].includes(role));
    const parting = changedSources(root, drawn, digest);
    const drawing =
      parting.length > 0 ? leftOut(`${parting.join(', ')} since the plan was made`) : await drawPlan(root, plan);
    return {drawing, changed: changedSources(root, plan.files, digest)};
  } catch (error) {
    return {drawing: leftOut(messageOf(error)), changed: []};
  }
}

async function drawPlan(root: string, {options: {inventory, playbook}}: ParsedPlan['plan']): Promise<Drawing> {
  if (typeof inventory !== 'string' || typeof playbook !== 'string') return leftOut('the plan names no files');
  return draw(root, inventory, playbook);
}

async function draw(root: string, inventory: string, playbook: string): Promise<Drawing> {
  try {
    const {topology, missing} = await loadTopology(root, inventory, playbook);
    return {svg: renderSvg(topology), missing};
  } catch (error) {
    return leftOut(messageOf(error));
  }
}

const leftOut = (reason: string): Drawing => ({because: `The drawing is left out: ${reason}.`});

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
