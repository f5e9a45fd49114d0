import type {Digest, Recording} from '../plans/index.js';
import {renderChange} from '../renderers/index.js';
import type {Session} from './session.js';

/** How the plans of a session are put on record; without a key, nothing at all is held of secrets. */
export function recordingOf({project, mask}: Pick<Session, 'project' | 'mask'>, digest?: Digest): Recording {
  return {root: project.root, mask, digest, show: renderChange};
}
