export {RECORD_VERSION, type RunHead, type RunRecord, type RunTail, type TimedEvent} from './format.js';
export {goesOn} from './goes-on.js';
export {type Journal, openJournal, runsDirectory} from './journal.js';
export {loadRecord, loadRecords} from './load.js';
export {newRunName} from './run-name.js';
export {hostsLeft} from './unfinished-hosts.js';
