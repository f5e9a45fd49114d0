import {readFileSync} from 'node:fs';
import type {Project} from '../local/project.js';
import {errorCode} from '../local/read-file.js';
import {InputError} from '../model/index.js';
import {type Digest, keyCheck, type ParsedPlan, type PlanFile, parsePlan} from '../plans/index.js';
import {refuseOtherFile} from './not-a-plan.js';
import {refuseApplied} from './plan-applied.js';
import {knownPlanDigest} from './plan-key.js';
import {changedSources} from './plan-sources.js';
import type {RunOptions} from './run-options.js';

/** A saved plan that may be applied: its key is known here, and code, templates and inventory are as they were. */
export interface SavedPlan {
  readonly file: string;
  readonly plan: PlanFile;
  readonly digest: Digest;
  /** The options that it was planned with. */
  readonly options: RunOptions;
}

/** The plan in a file. Throws `InputError` when there is none, or it is damaged. */
export function loadPlanFile(file: string): ParsedPlan {
  return parsePlan(read(file), file);
}

/** A plan to be applied. Throws `InputError` for every reason not to, before any connection. */
export async function openSavedPlan(project: Project, file: string): Promise<SavedPlan> {
  const text = read(file);
  refuseOtherFile(file, text);
  const {plan, isSealedBy} = parsePlan(text, file);
  refuseApplied(project.root, plan.id);
  const digest = await knownPlanDigest(project);
  if (digest === undefined || keyCheck(digest) !== plan.keyCheck) throw new InputError([otherKey(file)]);
  if (!isSealedBy(digest)) {
    throw new InputError([{message: `the plan ${file} was changed after it was made`, hint: RENEW}]);
  }
  const changed = changedSources(project.root, plan.files, digest);
  if (changed.length > 0) throw new InputError(changed.map((what) => stale(file, what)));
  // Sealed: these are the options that `plan` was given.
  return {file, plan, digest, options: plan.options as unknown as RunOptions};
}

const RENEW = 'Make a new one: infra plan --out FILE';

function stale(file: string, what: string) {
  return {message: `${what} since the plan ${file} was made`, hint: RENEW};
}

function otherKey(file: string) {
  return {
    message: `the plan ${file} was made with a plan key that is not here`,
    hint:
      'Apply it in the project it was made in, or bring the key: secrets/passwords.age.yaml and an identity that opens ' +
      'it, or INFRA_SECRET_INFRA_PLAN_KEY in the environment of both plan and apply.',
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const isMissing = errorCode(cause) === 'ENOENT';
    const hosts = isMissing && !/[./]/.test(file) ? `\nTo name hosts or groups: infra apply --limit ${file}` : '';
    throw new InputError([
      {
        message: `the plan ${file} ${isMissing ? 'is not there' : 'cannot be read'}`,
        hint: `A plan is saved with: infra plan --out FILE${hosts}`,
      },
    ]);
  }
}
