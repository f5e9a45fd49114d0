export {type Asked, type RecordedTransport, recordedTransport} from './recorded-transport.js';
export {
  parseRecording,
  type RecordedAnswer,
  type RecordedHost,
  type Recorder,
  type Recording,
  record,
  renderRecording,
} from './recording.js';
