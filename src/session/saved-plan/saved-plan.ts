import {readFileSync} from 'node:fs';
import {extname} from 'node:path';
import type {Project} from '../../local/project.js';
import {errorCode} from '../../local/read-file.js';
import {type Diagnostic, InputError} from '../../model/index.js';
import {type Digest, digestWith, keyCheck, type ParsedPlan, type PlanFile, parsePlan} from '../../plans/index.js';
import {openSecrets, type Secrets} from '../../secrets/index.js';
import type {PlanningOptions} from '../planning-options.js';
import {refuseApplied} from './plan-applied.js';
import {changedSources} from './plan-sources.js';

/** A saved plan that can be applied: its key is known here, and code, templates and inventory have not changed. */
export interface SavedPlan {
  readonly file: string;
  readonly plan: PlanFile;
  readonly digest: Digest;
  /** The options that it was made with. */
  readonly options: PlanningOptions;
}

/** The plan in a file. Throws `InputError` when the file does not exist or is damaged. */
export function loadPlanFile(file: string): ParsedPlan {
  return parsePlan(read(file), file);
}

/** Opens a plan to apply it. Rejects with `InputError` for every reason not to, before any connection. */
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
  return {file, plan, digest, options: plan.options as unknown as PlanningOptions};
}

const RENEW = 'Make a new one: infra plan --out FILE';

function stale(file: string, what: string) {
  return {message: `${what} since the plan ${file} was made`, hint: RENEW};
}

function otherKey(file: string) {
  return {
    message: `the plan ${file} was made with a plan key that this project does not have`,
    hint:
      'Apply it in the project it was made in, or provide the key: secrets/passwords.age.yaml and an identity that opens ' +
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
        message: `the plan ${file} ${isMissing ? 'does not exist' : 'cannot be read'}`,
        hint: `Save a plan with: infra plan --out FILE${hosts}`,
      },
    ]);
  }
}

/** Throws `InputError` for a file that is not a saved plan, with the option that it belongs to. */
function refuseOtherFile(file: string, text: string): void {
  const fault = faultOf(file, text);
  if (fault !== undefined) throw new InputError([fault]);
}

function faultOf(file: string, text: string): Diagnostic | undefined {
  if (/^\.m?[jt]s$/.test(extname(file)))
    return {
      message: `${file} is a playbook, not a saved plan`,
      hint: `Name it with an option: infra apply --playbook ${file}`,
    };
  if (!/^\.ya?ml$/.test(extname(file))) return undefined;
  return /^\s*-\s+(?:hosts|name|import_playbook|ansible\.builtin\.\w+)\s*:/m.test(text)
    ? {
        message: `${file} is a playbook for Ansible`,
        hint: 'Playbooks of infra are TypeScript. To import an inventory of Ansible: infra init --import FILE',
      }
    : {message: `${file} is YAML, not a saved plan`, hint: `If it is an inventory: infra apply --inventory ${file}`};
}

/** The name of the secret that is the key of a project's plans. */
const PLAN_KEY = 'infra/plan-key';

/** A key with fewer characters could be guessed from a plan. */
const SHORTEST = 20;

/** Digests with the project's plan key, which is made on first use. Rejects with `InputError` if it is too short. */
export async function planDigest(secrets: Secrets): Promise<Digest> {
  const made = secrets.get(PLAN_KEY);
  const key = (await secrets.save()) ? made : secrets.get(PLAN_KEY);
  if (key.reveal().length >= SHORTEST) return digestWith(key);
  const message = `the secret "${PLAN_KEY}" has fewer than ${SHORTEST} characters, so it could be guessed from a plan`;
  throw new InputError([{message, hint: 'Remove it to have one generated.'}]);
}

/** The same if the project has a key already; undefined otherwise. */
export async function knownPlanDigest(project: Project): Promise<Digest | undefined> {
  const secrets = await openSecrets(project);
  return secrets.has(PLAN_KEY) ? planDigest(secrets) : undefined;
}
