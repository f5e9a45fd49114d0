import type {Connection} from '../connection.js';
import type {Transport} from '../transport.js';
import {playHost} from './play-host.js';
import {type AskedOfConnection, recordedConnection} from './recorded-connection.js';
import type {Recording} from './recording.js';

/** What was asked of a host. `connection`: its number on that host, from 1. */
export type Asked =
  | {readonly type: 'connect'; readonly host: string}
  | ({readonly host: string; readonly connection: number} & AskedOfConnection);

export interface RecordedTransport extends Transport {
  /** What was asked so far, in order over all hosts; it grows. */
  readonly asked: readonly Asked[];
}

/** Plays a recording: no network, no process, no time but what its answers take. */
export function recordedTransport({hosts}: Recording): RecordedTransport {
  const asked: Asked[] = [];
  const played = new Map(Object.entries(hosts).map(([name, host]) => [name, playHost(name, host)]));
  return {
    asked,
    connect: async ({name: host}, {signal} = {}): Promise<Connection> => {
      signal?.throwIfAborted();
      const found = played.get(host);
      if (!found) throw new Error(`the recording has no host ${host}`);
      asked.push({type: 'connect', host});
      const number = found.connect();
      const connection = recordedConnection(found, (what) => asked.push({host, connection: number, ...what}));
      signal?.addEventListener('abort', () => void connection.close(), {once: true});
      return connection;
    },
  };
}
