import type {Command, Reply} from '../../shell/index.js';
import type {ServerFamily} from '../../tasks/mysql/client.js';
import type {Chunk} from './checksum.js';
import {type Checksum, parseChecksums} from './compare.js';
import {closeSide, holdReplica, type Load, openPrimary, parseSnapshot, placeReplica, readSide} from './window.js';

/** A server that is asked. Resolves with the answer of a command, whatever its exit code; rejects when it is lost. */
export interface CheckedServer {
  readonly name: string;
  ask(command: Command): Promise<Reply>;
}

/** The servers of a comparison. */
export interface CheckedServers {
  readonly family: ServerFamily;
  readonly primary: CheckedServer;
  readonly replicas: readonly CheckedServer[];
}

/** What the chunks of a window came to on each server, at one transaction. */
export interface WindowResult {
  readonly gtid: string;
  readonly primary: ReadonlyMap<number, Checksum>;
  readonly replicas: ReadonlyMap<string, ReadonlyMap<number, Checksum>>;
}

/** A server refuses, or does not come to the transaction of the others. The next attempt may succeed. */
class WindowFailed extends Error {
  override readonly name = 'WindowFailed';
}

/**
 * Computes chunks on all servers at one transaction of the primary. Every replica stops applying before the primary takes
 * its snapshot, so that none is past it; it goes on when its own snapshot is open. Rejects with `WindowFailed`. Whatever
 * happens, the replicas apply again when it ends.
 */
export async function checkWindow(sides: CheckedServers, chunks: readonly Chunk[], load: Load): Promise<WindowResult> {
  const {family, primary, replicas} = sides;
  const all = [primary, ...replicas];
  try {
    await Promise.all(replicas.map((each) => answer(each, holdReplica(family, chunks, load))));
    const snapshot = parseSnapshot(await answer(primary, openPrimary(family, chunks, load)));
    await Promise.all(replicas.map((each) => answer(each, placeReplica(snapshot))));
    const replies = await Promise.all(all.map((each) => answer(each, readSide())));
    const [own, ...others] = replies.map(({stdout}) => parseChecksums(stdout));
    const found = replicas.map(({name}, index) => [name, others[index] ?? new Map()] as const);
    return {gtid: snapshot.gtid, primary: own ?? new Map(), replicas: new Map(found)};
  } finally {
    await Promise.allSettled(all.map((each) => each.ask(closeSide())));
  }
}

async function answer(server: CheckedServer, command: Command): Promise<Reply> {
  const reply = await server.ask(command);
  if (reply.code === 0) return reply;
  throw new WindowFailed(`${server.name}: ${reply.stderr.trim() || `${command} ended with exit code ${reply.code}`}`);
}

/** A window that fails is tried again: a transaction of a client may have held a table. */
const ATTEMPTS = 3;

/** {@link checkWindow}, several times where it fails; at last the reason. */
export async function attempt(sides: CheckedServers, chunks: readonly Chunk[], load: Load): Promise<WindowResult | string> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await checkWindow(sides, chunks, load);
    } catch (error) {
      if (!(error instanceof WindowFailed)) throw error;
      if (left <= 1) return error.message;
    }
  }
}
