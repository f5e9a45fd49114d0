import type {Digest} from './digest.js';
import {withoutDiffs} from './filed-diffs.js';
import {FORMAT_VERSION, type PlanFile} from './format.js';
import {sealOf} from './parse.js';

/** What a saved plan says beside its format. */
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

/** A word that only the holder of a key can say, and that says nothing of the key. */
export const keyCheck = (digest: Digest) => digest('infra plan key');
