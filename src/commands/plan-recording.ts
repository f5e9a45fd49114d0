import type {Digest, Recording} from '../plans/index.js';
import {renderChange} from '../renderers/index.js';
import type {Session} from './session.js';

/** How the plans of a session are put on record; without a key, nothing at all is held of secrets. */
export function recordingOf({mask}: Pick<Session, 'mask'>, digest?: Digest): Recording {
  return {root: process.cwd(), mask, digest, show: renderChange};
}
