export {type ConnectOptions, connect} from './connect.js';
export type {Connection, RunOptions} from './connection.js';
export {type ConnectError, connectFailure, isPassing} from './failures.js';
export {fingerprint, keyType} from './host-key.js';
export {entriesFor, knownHostName, parseKnownHosts} from './known-hosts.js';
