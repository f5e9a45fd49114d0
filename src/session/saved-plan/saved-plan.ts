import {readFileSync} from 'node:fs';
import {extname} from 'node:path';
import type {Project} from '../../local/project.js';
import {errorCode} from '../../local/read-file.js';
import {type Diagnostic, InputError} from '../../model/index.js';
import {type Digest, digestWith, keyCheck, type ParsedPlan, type PlanFile, parsePlan} from '../../plans/index.js';
import {openSecrets, type Secrets} from '../../secrets/index.js';
import type {RunOptions} from '../run-options.js';
import {refuseApplied} from './plan-applied.js';
import {changedSources} from './plan-sources.js';

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

/** Throws `InputError` for a file that is something else than a saved plan, and says how to give it. */
function refuseOtherFile(file: string, text: string): void {
  const fault = faultOf(file, text);
  if (fault !== undefined) throw new InputError([fault]);
}

function faultOf(file: string, text: string): Diagnostic | undefined {
  if (/^\.m?[jt]s$/.test(extname(file)))
    return {message: `${file} is a playbook, not a saved plan`, hint: `name it so: infra apply --playbook ${file}`};
  if (!/^\.ya?ml$/.test(extname(file))) return undefined;
  return /^\s*-\s+(?:hosts|name|import_playbook|ansible\.builtin\.\w+)\s*:/m.test(text)
    ? {
        message: `${file} is a playbook for Ansible`,
        hint: 'playbooks are TypeScript here; an inventory can be taken over: infra init',
      }
    : {message: `${file} is YAML, not a saved plan`, hint: `if it is an inventory: infra apply --inventory ${file}`};
}

/** The secret under whose name a project keeps the key of its plans. */
const PLAN_KEY = 'infra/plan-key';

/** Characters below which a key could be guessed from a plan. */
const SHORTEST = 20;

/** Digests with the project's plan key, which is made on first use. Throws `InputError` for a key that is too short. */
export async function planDigest(secrets: Secrets): Promise<Digest> {
  const made = secrets.get(PLAN_KEY);
  const key = (await secrets.save()) ? made : secrets.get(PLAN_KEY);
  if (key.reveal().length >= SHORTEST) return digestWith(key);
  const message = `the secret "${PLAN_KEY}" has fewer than ${SHORTEST} characters, so it could be guessed from a plan`;
  throw new InputError([{message, hint: 'Remove it to have one generated.'}]);
}

/** The same where the project has a key already; it is not made. */
export async function knownPlanDigest(project: Project): Promise<Digest | undefined> {
  const secrets = await openSecrets(project);
  return secrets.has(PLAN_KEY) ? planDigest(secrets) : undefined;
}
