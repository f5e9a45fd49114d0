export {
  type AsWord,
  asWord,
  Command,
  join,
  quote,
  raw,
  sh,
  showAs,
} from './command.js';
export {type FrameEvent, FrameReader, type OutputLine, type ScriptListener} from './frames.js';
export {Greeting} from './greeting.js';
export {
  ANY_NAME,
  CLEAN,
  giveUp,
  HOLD,
  inDirectory,
  inDirectoryOf,
  MAKE,
  NEW,
  OLD,
  OURS,
  SETTLE,
  WALK,
} from './in-directory.js';
export {BrokenFrame} from './marked-lines.js';
export {keepOld, putBackOld} from './old-version.js';
export {type Places, PRIVATE_DIRECTORY, type Upload} from './provided.js';
export {
  type Answer,
  AS_EXPECTED,
  answerOf,
  parseKeyValues,
  type Reply,
  renderScript,
  type Script,
  type ShellStep,
} from './script.js';
export {MASK, Secret} from './secret.js';
export {contained, endAfter, FORGET, feed, uninterrupted} from './wrappers.js';
