export {Command, join, raw, sh, showAs, type Word} from './command.js';
export {feed} from './feed.js';
export {type FrameEvent, FrameReader, renderKeptScript, renderScript, type Step} from './frame.js';
export {type OutputLine, OutputLines} from './output-lines.js';
export {parseKeyValues} from './parse.js';
export {quote} from './quote.js';
export type {Reply} from './reply.js';
export {MASK, Secret} from './secret.js';
export {uninterrupted} from './uninterrupted.js';
