import type {Project} from '../local/project.js';
import {InputError} from '../model/index.js';
import {type Digest, digestWith} from '../plans/index.js';
import {openSecrets, type Secrets} from '../secrets/index.js';

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
