export {type Journal, openJournal, runsDirectory} from './journal.js';
export {loadRecord, loadRecords} from './load.js';
export {
  isRunning,
  newRunName,
  RECORD_VERSION,
  type RunHead,
  type RunRecord,
  type RunTail,
  type TimedEvent,
  unfinishedHosts,
} from './run-record.js';
