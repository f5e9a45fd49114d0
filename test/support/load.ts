import {type ClientHttp2Session, connect} from 'node:http2';
import {Agent, request} from 'node:https';
import type {Target} from './https.js';

/** What the clients of one kind saw. */
export interface Seen {
  answers: number;
  /** Requests without an answer of status 200, each with its reason. */
  readonly failures: string[];
}

export type Kind = 'new connections' | 'kept connections' | 'HTTP/2';

const CLIENTS = 16;

/** Milliseconds between two requests of a client. */
const PAUSE = 10;

/**
 * Sends requests over TLS from 16 clients of each kind for as long as `action` takes: one that opens a connection for
 * each request, one that keeps its HTTP/1.1 connection, one that keeps its HTTP/2 connection until the server says
 * goodbye. No request that a server may have seen is ever tried again.
 */
export async function underLoad(target: Target, action: () => Promise<unknown>): Promise<Record<Kind, Seen>> {
  const kinds = {
    'new connections': () => overHttp1(target, false),
    'kept connections': () => overHttp1(target, true),
    'HTTP/2': () => overHttp2(target),
  };
  const seen = {'new connections': nothing(), 'kept connections': nothing(), 'HTTP/2': nothing()};
  let ended = false;
  const clients = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
    Array.from({length: CLIENTS}, () => ask(kinds[kind](), seen[kind], () => ended)),
  );
  try {
    await action();
  } finally {
    ended = true;
    await Promise.all(clients);
  }
  return seen;
}

const nothing = (): Seen => ({answers: 0, failures: []});

interface Client {
  /** Resolves with the status. */
  get(): Promise<number>;
  close(): void;
}

async function ask(client: Client, seen: Seen, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      const status = await client.get();
      if (status === 200) seen.answers += 1;
      else seen.failures.push(`status ${status}`);
    } catch (error) {
      seen.failures.push(error instanceof Error ? error.message : String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  client.close();
}

function overHttp1({address, name: servername, ca}: Target, keepAlive: boolean): Client {
  const agent = new Agent({keepAlive, maxSockets: 1, ca, servername});
  const headers = {host: servername, ...(keepAlive ? {} : {connection: 'close'})};
  return {
    get: () =>
      new Promise((resolve, reject) => {
        const sent = request({host: address, agent, headers, timeout: 10_000}, (response) => {
          response.on('error', reject);
          response.on('end', () => resolve(response.statusCode ?? 0));
          response.resume();
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer')));
        sent.on('error', reject);
        sent.end();
      }),
    close: () => agent.destroy(),
  };
}

function overHttp2({address, name: servername, ca}: Target): Client {
  const open = () => {
    const session = connect(`https://${address}`, {ca, servername, ALPNProtocols: ['h2']});
    // Told by the stream that suffers from it.
    session.on('error', () => undefined);
    session.on('goaway', () => session.close());
    return session;
  };
  let session = open();
  const get = async (): Promise<number> => {
    if (session.closed || session.destroyed) session = open();
    try {
      return await exchange(session, servername);
    } catch (error) {
      if (!isRefused(error)) throw error;
      session.close();
      session = open();
      return exchange(session, servername);
    }
  };
  return {get, close: () => session.close()};
}

function exchange(session: ClientHttp2Session, authority: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({':path': '/', ':authority': authority});
    let status = 0;
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.setTimeout(10_000, () => stream.destroy(new Error('no answer')));
    stream.on('error', reject);
    stream.on('close', () => (status > 0 ? resolve(status) : reject(new Error('closed without an answer'))));
    stream.resume();
    stream.end();
  });
}

/**
 * A request that crosses the server's goodbye on its way was not processed, which HTTP/2 guarantees (RFC 9113, 8.7):
 * every client sends it on its next connection.
 */
function isRefused(error: unknown): boolean {
  return error instanceof Error && error.message.includes('REFUSED_STREAM');
}
