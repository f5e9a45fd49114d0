import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {DelayLine} from './delay-line.js';

/** Which way: what this side sends to the peer, what the peer sends to this side. */
export type Direction = 'to' | 'from' | 'both';

/** What is done to the link to one peer. */
export interface LinkChange {
  readonly peer: string;
  /**
   * `freeze`: nothing passes, in silence, until `thaw`. `lose`: the peer has lost its power; what is in flight is lost
   * too, and connections stay open without a word. `reset`: all connections end at once.
   */
  readonly change: 'freeze' | 'thaw' | 'lose' | 'reset';
  /** Default both; for `freeze` and `thaw`. */
  readonly direction?: Direction;
}

/** A peer, and where the proxy listens for connections to it. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly to: DelayLine;
  readonly from: DelayLine;
}

/** Forwards connections to one peer, each direction later by a number of milliseconds. */
class Link {
  readonly #peer: Peer;
  readonly #delay: () => number;
  readonly #pairs = new Set<Pair>();
  readonly #waiting = new Set<Socket>();
  readonly #frozen = new Set<'to' | 'from'>();
  readonly server: Server;

  constructor(peer: Peer, delay: () => number) {
    this.#peer = peer;
    this.#delay = delay;
    this.server = createServer({allowHalfOpen: true, pauseOnConnect: true, noDelay: true}, (near) =>
      this.#accept(near),
    );
  }

  apply({change, direction = 'both'}: LinkChange): void {
    const directions = direction === 'both' ? (['to', 'from'] as const) : [direction];
    if (change === 'freeze' || change === 'lose') for (const each of directions) this.#frozen.add(each);
    if (change === 'thaw') for (const each of directions) this.#frozen.delete(each);
    for (const pair of this.#pairs) changePair(pair, change, directions);
    if (change === 'reset') for (const near of this.#waiting) near.resetAndDestroy();
    if (this.#frozen.size > 0) return;
    for (const near of this.#waiting) this.#open(near);
  }

  /** A connection over a cut cable waits, as the first packet is sent again until it arrives. */
  #accept(near: Socket): void {
    near.on('error', () => {});
    this.#waiting.add(near);
    near.on('close', () => this.#waiting.delete(near));
    if (this.#frozen.size === 0) this.#open(near);
  }

  #open(near: Socket): void {
    this.#waiting.delete(near);
    const {address: host, port} = this.#peer;
    const far = connect({host, port, allowHalfOpen: true, noDelay: true});
    const pair = {
      ...{near, far},
      to: new DelayLine(near, far, this.#delay),
      from: new DelayLine(far, near, this.#delay),
    };
    this.#pairs.add(pair);
    far.on('error', () => {});
    far.on('close', () => this.#pairs.delete(pair));
    near.resume();
  }
}

function changePair({near, far, to, from}: Pair, change: LinkChange['change'], directions: readonly ('to' | 'from')[]) {
  const lines = directions.map((direction) => (direction === 'to' ? to : from));
  if (change === 'reset') {
    near.resetAndDestroy();
    far.resetAndDestroy();
  } else for (const line of lines) line[change]();
}

/** All links of one node. */
export interface DelayingProxy {
  /** Where it listens on 127.0.0.1, by the peer's address. */
  readonly ports: Readonly<Record<string, number>>;
  apply(change: LinkChange): void;
  close(): void;
}

/** Listens on a port of its own for each peer. `delay`: milliseconds, asked for each piece. */
export async function startProxy(peers: readonly Peer[], delay: () => number): Promise<DelayingProxy> {
  const links = new Map(peers.map((peer) => [peer.address, new Link(peer, delay)] as const));
  const ports: Record<string, number> = {};
  for (const [address, {server}] of links) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server of TCP has such an address.
    ports[address] = (server.address() as AddressInfo).port;
  }
  return {
    ports,
    apply: (change) => links.get(change.peer)?.apply(change),
    close: () => {
      for (const [peer, link] of links) {
        link.apply({peer, change: 'reset'});
        link.server.close();
      }
    },
  };
}
