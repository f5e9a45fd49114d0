export {RECORD_VERSION, type RunHead, type RunRecord, type RunTail, type TimedEvent} from './format.js';
export {goesOn} from './goes-on.js';
export {type Journal, openJournal, runsFolder} from './journal.js';
export {hostsLeft} from './left.js';
export {loadRecord, loadRecords} from './load.js';
export {newRunName} from './name.js';
