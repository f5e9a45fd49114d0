import {type ChildProcess, spawn} from 'node:child_process';
import path from 'node:path';
import {createInterface, type Interface} from 'node:readline';
import {runInside} from '../../../src/lab/hosts/inside.js';
import {initProcess} from './console.js';
import type {Direction, LinkChange} from './delaying-proxy.js';

/*
 * A network of database servers with a delay between each two, and cables that can be cut. The kernel here has no netem:
 * in each host's own network nftables turns connections to another server's port over to a proxy, which runs there and
 * delays what it forwards. Everything else between two hosts passes without delay, and is cut with the rest.
 */

/** A host of the lab. */
export interface Node {
  readonly name: string;
  readonly address: string;
}

/** Its own packets must not be turned over to it again. */
const PROXY_USER = 61_000;

const PORT = 3306;

/** The controller, seen from the hosts. */
export const CONTROLLER: Node = {name: 'controller', address: '198.18.0.1'};

/** The network of one host. */
class NodeNetwork {
  readonly node: Node;
  readonly #delay: number;
  readonly #init: number;
  readonly #peers: readonly Node[];
  #proxy: ChildProcess | undefined;
  #answers: Interface | undefined;
  #told: Promise<unknown> = Promise.resolve();

  constructor(node: Node, peers: readonly Node[], delay: number) {
    this.node = node;
    this.#peers = peers;
    this.#delay = delay;
    this.#init = initProcess(node.name);
  }

  async start(): Promise<void> {
    const program = path.join(import.meta.dirname, 'proxy-program.js');
    const space = ['--target', `${this.#init}`, '--net', '--setuid', `${PROXY_USER}`, '--setgid', `${PROXY_USER}`];
    const peers = this.#peers.map(({address}) => `${address}:${PORT}`);
    const proxy = spawn('nsenter', [...space, process.execPath, program, `${this.#delay}`, ...peers], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#proxy = proxy;
    this.#answers = createInterface({input: proxy.stdout});
    // Printed by proxy-program.ts.
    const ports = JSON.parse(await this.#answer()) as Record<string, number>;
    await this.nft(rulesFor(Object.entries(ports)));
  }

  /** The next change waits for this one. */
  tell(change: LinkChange): Promise<unknown> {
    const told = this.#told.then(async () => {
      this.#proxy?.stdin?.write(`${JSON.stringify(change)}\n`);
      await this.#answer();
    });
    this.#told = told;
    return told;
  }

  /** Cables that were cut carry again. */
  async restore(): Promise<void> {
    await this.nft('flush chain ip rig cut-in; flush chain ip rig cut-out');
    for (const {address: peer} of this.#peers) await this.tell({peer, change: 'thaw'});
  }

  async nft(commands: string): Promise<void> {
    const {code, stderr} = await runInside(this.#init, ['nft', commands]);
    if (code !== 0) throw new Error(`nft on ${this.node.name}: ${stderr}`);
  }

  async end(): Promise<void> {
    this.#answers?.close();
    this.#proxy?.stdin?.end();
    await runInside(this.#init, ['nft', 'add table ip rig; delete table ip rig']);
  }

  async #answer(): Promise<string> {
    const answers = this.#answers;
    if (!answers) throw new Error(`the proxy of ${this.node.name} does not run`);
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`the proxy of ${this.node.name} has ended`));
      answers.once('close', gone).once('line', (line) => {
        answers.off('close', gone);
        resolve(line);
      });
    });
  }
}

/** Connections from before, which go past the proxy, are ended: their programs connect again. */
function rulesFor(ports: readonly (readonly [address: string, port: number])[]): string {
  const own = `meta skuid != ${PROXY_USER}`;
  return `add table ip rig; delete table ip rig; add table ip rig
add chain ip rig cut-in { type filter hook input priority -300; }
add chain ip rig cut-out { type filter hook output priority -300; }
add chain ip rig turn { type nat hook output priority -100; }
add chain ip rig stray { type filter hook output priority 0; }
${ports
  .flatMap(([address, port]) => [
    `add rule ip rig turn ${own} ip daddr ${address} tcp dport ${PORT} redirect to :${port}`,
    `add rule ip rig stray ${own} ip daddr ${address} tcp dport ${PORT} reject with tcp reset`,
  ])
  .join('\n')}`;
}

/** What can be done to the cables between hosts. */
export interface DelayedNetwork {
  /** Everything between two hosts, or what the first sends to the second, is dropped in silence. */
  cut(one: Node, other: Node, direction?: Direction): Promise<void>;
  /** Every cable that was cut. */
  heal(): Promise<void>;
  /** The power of a node is gone: what is in flight from it and to it is lost, and nothing answers there. */
  lose(node: Node): Promise<void>;
  /** After a host was booted again: its network is a new one. */
  restart(node: Node): Promise<void>;
  end(): Promise<void>;
}

/** Puts a delay of that many milliseconds into each direction between each two of these running hosts. */
export async function startNetwork(nodes: readonly Node[], delay: number): Promise<DelayedNetwork> {
  const networks = new Map<string, NodeNetwork>();
  const start = async (node: Node) => {
    await networks.get(node.name)?.end();
    const peers = nodes.filter(({name}) => name !== node.name);
    const network = new NodeNetwork(node, peers, delay);
    networks.set(node.name, network);
    await network.start();
  };
  await Promise.all(nodes.map(start));
  const of = (node: Node) => networks.get(node.name);
  return {
    cut: async (one, other, direction = 'both') => {
      await Promise.all([...dropped(of(one), other, direction), ...dropped(of(other), one, reversed(direction))]);
    },
    heal: async () => {
      await Promise.all([...networks.values()].map((network) => network.restore()));
    },
    lose: async (node) => {
      const peers = [...networks.values()].filter((network) => network.node.name !== node.name);
      await Promise.all([
        ...peers.map((network) => network.tell({peer: node.address, change: 'lose'})),
        ...peers.map(({node: {address}}) => of(node)?.tell({peer: address, change: 'lose'})),
      ]);
    },
    restart: start,
    end: async () => {
      await Promise.all([...networks.values()].map((network) => network.end()));
    },
  };
}

const reversed = (direction: Direction): Direction =>
  direction === 'both' ? 'both' : direction === 'to' ? 'from' : 'to';

/** At one end. */
function dropped(network: NodeNetwork | undefined, {address}: Node, direction: Direction): Promise<unknown>[] {
  if (!network) return [];
  const rules = [
    ...(direction === 'to' ? [] : [`add rule ip rig cut-in ip saddr ${address} drop`]),
    ...(direction === 'from' ? [] : [`add rule ip rig cut-out ip daddr ${address} drop`]),
  ];
  return [network.tell({peer: address, change: 'freeze', direction}), network.nft(rules.join('\n'))];
}
