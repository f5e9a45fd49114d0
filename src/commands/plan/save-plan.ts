import {randomUUID} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {operator} from '../../local/this-machine.js';
import {replaceFile} from '../../local/write-file.js';
import {InputError} from '../../model/index.js';
import {parsePlan, type Recorded, recordPlan, renderPlanFile} from '../../plans/index.js';
import {countPlan} from '../../renderers/index.js';
import {loadLimit} from '../../session/load-limit.js';
import type {PlanningOptions} from '../../session/planning-options.js';
import {digestSources, writtenSince} from '../../session/saved-plan/plan-sources.js';
import {planDigest} from '../../session/saved-plan/saved-plan.js';
import type {Session} from '../../session/session.js';
import {packageVersion} from '../../session/version.js';

/**
 * Throws `InputError` when a plan cannot be written to a file, or when that would overwrite a file that is not a plan.
 */
export function refuseOutFile(file: string): void {
  const directory = statSync(path.dirname(path.resolve(file)), {throwIfNoEntry: false});
  if (!directory?.isDirectory())
    throw new InputError([{message: `--out ${file}: there is no directory ${path.dirname(file)}`}]);
  const present = statSync(file, {throwIfNoEntry: false});
  if (present === undefined) return;
  if (present.isFile() && (present.size === 0 || isPlan(readFileSync(file, 'utf8'), file))) return;
  throw new InputError([{message: `--out ${file}: it exists and is not a saved plan`, hint: 'Choose another name.'}]);
}

function isPlan(text: string, file: string): boolean {
  try {
    parsePlan(text, file);
    return true;
  } catch {
    return /^\s*\{\s*"format": ?"infra-plan"/.test(text);
  }
}

/** Writes a plan to a file that only its owner may read, whole or not at all. */
export async function savePlan(
  hosts: readonly Recorded[],
  file: string,
  session: Session,
  options: PlanningOptions,
): Promise<void> {
  const digest = await planDigest(session.secrets);
  const {file: inventory, files} = session.inventory;
  const {root, now} = session.project;
  const made = {root, playbook: options.playbook, inventory: files, templates: session.opened};
  const sources = digestSources(made, digest);
  const written = writtenSince(root, sources, performance.timeOrigin);
  if (written.length > 0) throw new InputError(written.map(changedSinceStart));
  const plan = recordPlan(session.playbook, hosts, {root, mask: session.mask, digest});
  const text = renderPlanFile(
    {
      infraVersion: packageVersion(),
      id: randomUUID(),
      madeAt: now().toISOString(),
      madeBy: operator(),
      options: shapingOptions({
        ...options,
        inventory: shortPath(root, inventory),
        ...(options.limit && {limit: loadLimit(options.limit)}),
      }),
      files: sources,
      counts: {...countPlan(plan)},
      plan,
    },
    digest,
  );
  writePlan(file, text);
}

function changedSinceStart(name: string) {
  return {
    message: `${name} was changed while the plan was made, so the plan is not saved`,
    hint: 'Make the plan again.',
  };
}

/** A path relative to the project if it is in it, because the project may be elsewhere when the plan is applied. */
function shortPath(root: string, file: string): string {
  const relative = path.relative(root, file);
  return relative.startsWith('..') ? file : relative;
}

/** The options that shape a plan, without those that say how it is shown or where it is saved. */
function shapingOptions(options: PlanningOptions): Record<string, string | number | boolean | string[]> {
  const {out, format, detailedExitcode, ...shaping} = {...NO_OUTPUT, ...options};
  const known = Object.entries(shaping).filter(([, value]) => value !== undefined);
  // Options come from the command line: texts, numbers, switches and lists of texts.
  return Object.fromEntries(known) as Record<string, string | number | boolean | string[]>;
}

const NO_OUTPUT: {readonly out?: unknown; readonly format?: unknown; readonly detailedExitcode?: unknown} = {};

function writePlan(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError([{message: `the plan cannot be written to ${file}: ${cause.message}`}]);
  }
}
