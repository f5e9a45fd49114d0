export {type Journal, openJournal, runsDirectory} from './journal.js';
export {loadRecord, loadRecords} from './load.js';
export {
  goesOn,
  hostsLeft,
  newRunName,
  RECORD_VERSION,
  type RunHead,
  type RunRecord,
  type RunTail,
  type TimedEvent,
} from './run-record.js';
