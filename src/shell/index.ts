export {
  type AsWord,
  asWord,
  Command,
  contained,
  FORGET,
  join,
  type Places,
  PRIVATE_DIRECTORY,
  raw,
  sh,
  showAs,
  type Word,
} from './command.js';
export {endAfter} from './end-after.js';
export {feed} from './feed.js';
export {type FrameEvent, FrameReader, type OutputLine, type ScriptListener} from './frames.js';
export {Greeting} from './greeting.js';
export {beside, giveUp, inDirectory, OURS, WALK} from './in-directory.js';
export {ANY_NAME, CLEAN, HOLD, MAKE, NEW, OLD, SETTLE} from './inode.js';
export {BrokenFrame} from './marked-lines.js';
export {keepOld, putBackOld} from './old-version.js';
export {parseKeyValues} from './parse.js';
export {quote} from './quote.js';
export {type Answer, AS_EXPECTED, answerOf, type Reply} from './reply.js';
export {renderScript, type Script, type Step} from './script.js';
export {MASK, Secret} from './secret.js';
export {uninterrupted} from './uninterrupted.js';
export type {Upload} from './upload.js';
