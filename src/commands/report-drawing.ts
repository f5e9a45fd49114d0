import {keyCheck, type ParsedPlan} from '../plans/index.js';
import type {RunHead} from '../records/index.js';
import {renderSvg} from '../renderers/graph/index.js';
import type {Drawing} from '../renderers/report/index.js';
import {openSecrets} from '../secrets/index.js';
import {loadTopology} from './load-topology.js';
import {knownPlanDigest} from './plan-key.js';
import {changedSources} from './plan-sources.js';
import {changedSince} from './run-resume.js';

/** The topology of a run, when playbook and inventory are still those of the run; else why it is left out. */
export async function drawingOfRun(head: RunHead): Promise<Drawing> {
  const changed = changedSince(head);
  if (changed.length > 0) return leftOut(`${changed.join(' and ')} changed since this run`);
  return draw(head.inventory.file, head.playbook.file);
}

/** The topology of a saved plan, when nothing that it was made from has changed; else why it is left out. */
export async function drawingOfPlan({plan, isSealedBy}: ParsedPlan): Promise<Drawing> {
  const {inventory, playbook} = plan.options;
  if (typeof inventory !== 'string' || typeof playbook !== 'string') return leftOut('the plan names no files');
  try {
    const digest = await knownPlanDigest(await openSecrets({root: process.cwd(), env: process.env}));
    // Code that a plan only names is not run: the plan must be one of this project's.
    if (digest === undefined || keyCheck(digest) !== plan.keyCheck || !isSealedBy(digest))
      return leftOut('the plan was not made in this project, or was changed since');
    const changed = changedSources(plan.files, digest);
    return changed.length > 0 ? leftOut(`${changed.join(', ')} since the plan was made`) : draw(inventory, playbook);
  } catch (error) {
    return leftOut(messageOf(error));
  }
}

async function draw(inventory: string, playbook: string): Promise<Drawing> {
  try {
    const {topology, missing} = await loadTopology(inventory, playbook);
    return {svg: renderSvg(topology), missing};
  } catch (error) {
    return leftOut(messageOf(error));
  }
}

const leftOut = (reason: string): Drawing => ({because: `The drawing is left out: ${reason}.`});

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
