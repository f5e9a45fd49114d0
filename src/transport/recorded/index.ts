export {type Recorder, record} from './record.js';
export {type Asked, type RecordedTransport, recordedTransport} from './recorded-transport.js';
export {
  parseRecording,
  type RecordedAnswer,
  type RecordedHost,
  type Recording,
  renderRecording,
} from './recording.js';
