import {InputError} from '../model/index.js';
import type {Digest} from './digest.js';
import {withDiffs} from './filed-diffs.js';
import {FORMAT_VERSION, isReadable, type PlanFile, planFile} from './format.js';

/** A saved plan as it was read. */
export interface ParsedPlan {
  readonly plan: PlanFile;
  /** Whether nobody changed it since it was sealed with this key. */
  isSealedBy(digest: Digest): boolean;
}

/**
 * The plan in the text of a file. Throws `InputError` naming the file when it is no plan, damaged, or of a format that
 * is newer than this version.
 */
export function parsePlan(text: string, file: string): ParsedPlan {
  const raw = parseJson(text, file);
  if (!(raw instanceof Object) || !('format' in raw) || raw.format !== 'infra-plan') {
    throw refusal(`${file} is not a saved plan`, 'A plan is saved with: infra plan --out FILE');
  }
  const version = 'formatVersion' in raw ? String(raw.formatVersion) : '';
  if (/^\d+\.\d+$/.test(version) && !isReadable(version)) {
    const message = `${file} has format ${version}; this version of infra reads ${FORMAT_VERSION}`;
    throw refusal(message, 'Use the infra that made it, or make the plan anew.');
  }
  const checked = planFile.safeParse(raw);
  if (!checked.success) throw damaged(file, checked.error.issues[0]?.path.join('.'));
  const plan = withDiffs(checked.data.plan);
  if (plan === undefined) throw damaged(file, 'plan.diffs');
  const {seal, ...rest} = raw as Record<string, unknown>;
  return {plan: {...checked.data, plan}, isSealedBy: (digest) => seal === sealOf(rest, digest)};
}

/** The digest that closes a plan: of everything else in it. */
export function sealOf(rest: object, digest: Digest): string {
  return digest(JSON.stringify(['seal', rest]));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*\{\s*"format": ?"infra-plan"/.test(text)) throw damaged(file, undefined);
    throw refusal(`${file} is not a saved plan`, 'A plan is saved with: infra plan --out FILE');
  }
}

function damaged(file: string, where: string | undefined): InputError {
  const place = where ? `: ${where} is missing or not what it should be` : ': it is not whole';
  return refusal(`the plan ${file} is damaged${place}`, 'Make it anew: infra plan --out FILE');
}

const refusal = (message: string, hint: string) => new InputError([{message, hint}]);
