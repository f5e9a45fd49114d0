export type {Connection, RunOptions} from './connection.js';
export {fingerprint, type HostKey, hostKeyOf, keyType} from './host-key.js';
export {entriesFor, knownHostName, parseKnownHosts} from './known-hosts.js';
export type {ConnectOptions, ScanHostKeys, Transport} from './transport.js';
