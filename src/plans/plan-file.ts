import {type Diff, InputError} from '../model/index.js';
import type {Digest} from './digest.js';
import {type FiledPlan, FORMAT_VERSION, isReadable, type PlanFile, type PlanRecord, planFile} from './format.js';

/** A saved plan as it was read. */
export interface ParsedPlan {
  readonly plan: PlanFile;
  /** Whether it has not been changed since it was sealed with this key. */
  isSealedBy(digest: Digest): boolean;
}

/**
 * The plan in the text of a file. Throws `InputError` naming the file when it is not a plan, is damaged, or has a
 * format that this version cannot read.
 */
export function parsePlan(text: string, file: string): ParsedPlan {
  const raw = parseJson(text, file);
  if (!(raw instanceof Object) || !('format' in raw) || raw.format !== 'infra-plan') {
    throw refusal(`${file} is not a saved plan`, 'Save a plan with: infra plan --out FILE');
  }
  const version = 'formatVersion' in raw ? String(raw.formatVersion) : '';
  if (/^\d+\.\d+$/.test(version) && !isReadable(version)) {
    const message = `${file} has format ${version}; this version of infra reads ${FORMAT_VERSION}`;
    throw refusal(message, 'Use the version of infra that made it, or make the plan again.');
  }
  const checked = planFile.safeParse(raw);
  if (!checked.success) throw damaged(file, checked.error.issues[0]?.path.join('.'));
  const plan = withDiffs(checked.data.plan);
  if (plan === undefined) throw damaged(file, 'plan.diffs');
  const {seal, ...rest} = raw as Record<string, unknown>;
  return {plan: {...checked.data, plan}, isSealedBy: (digest) => seal === sealOf(rest, digest)};
}

/** What a saved plan says besides its format. */
export type PlanContent = Omit<PlanFile, 'format' | 'formatVersion' | 'keyCheck' | 'seal'>;

/** The text of a saved plan, sealed with the project's key. Ends with a line break. */
export function renderPlanFile(content: PlanContent, digest: Digest): string {
  const {plan, ...head} = content;
  const body = {
    format: 'infra-plan',
    formatVersion: FORMAT_VERSION,
    ...head,
    keyCheck: keyCheck(digest),
    plan: withoutDiffs(plan),
  };
  return `${JSON.stringify({...body, seal: sealOf(body, digest)}, undefined, 2)}\n`;
}

/** A text that can be made only with the key, and that says nothing about the key. */
export const keyCheck = (digest: Digest) => digest('infra plan key');

/** The digest at the end of a plan: of everything else in it. */
function sealOf(rest: object, digest: Digest): string {
  return digest(JSON.stringify(['seal', rest]));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*\{\s*"format": ?"infra-plan"/.test(text)) throw damaged(file, undefined);
    throw refusal(`${file} is not a saved plan`, 'Save a plan with: infra plan --out FILE');
  }
}

function damaged(file: string, where: string | undefined): InputError {
  const place = where ? `: ${where} is missing or wrong` : ': it is incomplete';
  return refusal(`the plan ${file} is damaged${place}`, 'Make it again: infra plan --out FILE');
}

const refusal = (message: string, hint: string) => new InputError([{message, hint}]);

/** A plan with its diffs apart, each once, as a file has them: many hosts have the same. */
function withoutDiffs({hosts, ...plan}: PlanRecord) {
  const numbers = new Map<string, number>();
  const diffs: Diff[] = [];
  const numberOf = (diff: Diff) => {
    const key = JSON.stringify(diff);
    const number = numbers.get(key) ?? diffs.push(diff) - 1;
    numbers.set(key, number);
    return number;
  };
  const filed = hosts.map(({tasks, ...host}) => ({
    ...host,
    tasks: tasks.map(({verdict, ...task}) => ({
      ...task,
      verdict: verdict.type === 'change' ? {...verdict, diff: verdict.diff.map(numberOf)} : verdict,
    })),
  }));
  return {...plan, hosts: filed, diffs};
}

/** The plan of a file; undefined when the file lacks a diff that the plan refers to. */
function withDiffs({hosts, diffs, ...plan}: FiledPlan): PlanRecord | undefined {
  const isWhole = ({verdict}: FiledPlan['hosts'][number]['tasks'][number]) =>
    verdict.type !== 'change' || verdict.diff.every((number) => number in diffs);
  if (!hosts.every(({tasks}) => tasks.every(isWhole))) return undefined;
  const whole = hosts.map(({tasks, ...host}) => ({
    ...host,
    tasks: tasks.map(({verdict, ...task}) => ({
      ...task,
      verdict:
        verdict.type === 'change' ? {...verdict, diff: verdict.diff.flatMap((number) => diffs[number] ?? [])} : verdict,
    })),
  }));
  return {...plan, hosts: whole};
}
