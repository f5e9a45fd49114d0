export {
  entriesFor,
  fingerprint,
  type HostKey,
  hostKeyOf,
  keyType,
  knownHostName,
  parseKnownHosts,
} from './known-hosts.js';
export type {Connection, ConnectOptions, RunOptions, ScanHostKeys, Transport} from './transport.js';
