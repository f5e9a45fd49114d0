import {Socket} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {NodeSSH} from 'node-ssh';
import type {Client, ConnectConfig} from 'ssh2';
import {type Failure, type Host, HostError} from '../../model/index.js';
import {bootstrapCommand} from '../bootstrap.js';
import {type ConnectError, connectFailure, isPassing, isRefusedLogin, loginRefused} from '../failures.js';
import {RemoteShell} from '../remote-shell.js';
import {noShell, shellFailure} from '../shell-failures.js';
import type {Connection, ConnectOptions} from '../transport.js';

import {ALGORITHMS} from './algorithms.js';
import {type Authentication, agentCredential, loadAuthentication} from './authentication.js';
import {type HostKeyPolicy, loadHostKeyPolicy} from './host-key-policy.js';
import {flowOf, watchLife} from './socket-life.js';

/** Seconds to wait before another attempt. */
const BACK_OFF: readonly number[] = [0.3, 1, 3];

/** How one connection is opened. */
export interface OpenOptions extends ConnectOptions {
  /** Names the SSH agent. */
  readonly env: NodeJS.ProcessEnv;
  /** Begins an attempt when its turn has come. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Opens a connection to a host. The clock of each attempt starts with its turn. Rejects with `HostError`. */
export async function connect(
  host: Host,
  {env, inTurn, signal, seconds = 20, dialSeconds}: OpenOptions,
): Promise<Connection> {
  const [login, policy] = await Promise.all([loadAuthentication(host, env), loadHostKeyPolicy(host)]);
  let left = seconds;
  for (const pause of [...BACK_OFF, undefined]) {
    const attempt = {host, login, policy, mayRetry: pause !== undefined, signal, seconds: left, dialSeconds};
    const connection = await inTurn(async () => {
      const since = performance.now();
      const made = await tryOnce(attempt);
      left = Math.max(1, left - (performance.now() - since) / 1000);
      return made;
    });
    if (connection) return connection;
    await sleep((pause ?? 0) * 1000, undefined, {signal});
  }
  throw new Error('the last attempt either connects or throws');
}

interface Attempt {
  readonly host: Host;
  readonly login: Authentication;
  readonly policy: HostKeyPolicy;
  readonly mayRetry: boolean;
  readonly signal: AbortSignal | undefined;
  readonly seconds: number;
  readonly dialSeconds: number | undefined;
}

/** A client that must be connected before a deadline, and its socket. */
interface Opening {
  readonly ssh: NodeSSH;
  readonly socket: Socket;
  /** Why it was given up, if that happened. */
  ended?: 'too late' | Failure;
}

/** A connection, or undefined when the failure may be temporary and another attempt is allowed. */
async function tryOnce(attempt: Attempt): Promise<Connection | undefined> {
  const {host, signal, seconds, dialSeconds = seconds} = attempt;
  signal?.throwIfAborted();
  // Without `noDelay` every small packet waits for the acknowledgement of the one before it.
  const socket = new Socket().setNoDelay(true);
  const opening: Opening = {ssh: new NodeSSH(), socket};
  const end = () => socket.destroy();
  signal?.addEventListener('abort', end, {once: true});
  socket.once('close', () => signal?.removeEventListener('abort', end));
  const late = () => {
    opening.ended ??= 'too late';
    socket.destroy();
  };
  const timer = setTimeout(late, seconds * 1000);
  // An answer that came while this process was busy is read first.
  const dialling = setTimeout(() => setImmediate(() => socket.connecting && late()), dialSeconds * 1000);
  try {
    const client = await logIn(attempt, opening);
    return client && (await openShell(host, client, opening, seconds));
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(dialling);
  }
}

/** A client that is logged in, or undefined when another attempt is allowed. Rejects with `HostError`. */
async function logIn(attempt: Attempt, opening: Opening): Promise<Client | undefined> {
  const {host, policy, mayRetry, signal} = attempt;
  const {ssh, socket} = opening;
  const verify = (key: Buffer) => {
    const refusal = policy.refuse(key);
    if (refusal) opening.ended ??= refusal;
    return refusal === undefined;
  };
  socket.connect({host: host.address, port: host.port});
  const connecting = ssh.connect(configure(attempt, socket, verify));
  // node-ssh removes its listener once it is connected; an error without a listener would end the whole process.
  ssh.connection?.on('error', () => {});
  try {
    await connecting;
  } catch (error) {
    ssh.connection?.destroy();
    signal?.throwIfAborted();
    if (typeof opening.ended === 'object') throw new HostError(opening.ended);
    // ssh2 rejects with errors that carry a code or a level.
    const failed = error as ConnectError;
    if (opening.ended === 'too late') throw new HostError(connectFailure(host, {...failed, level: 'client-timeout'}));
    if (mayRetry && isPassing(failed)) return undefined;
    throw new HostError(await explain(host, failed, attempt.login));
  }
  if (!ssh.connection) throw new Error('node-ssh connected without a client');
  return ssh.connection;
}

async function explain(host: Host, failed: ConnectError, {files, agent}: Authentication): Promise<Failure> {
  if (!isRefusedLogin(failed)) return connectFailure(host, failed);
  return loginRefused(host, agent === undefined ? files : [...files, await agentCredential(agent)]);
}

function configure({host, login, policy}: Attempt, sock: Socket, hostVerifier: (key: Buffer) => boolean) {
  return {
    sock,
    username: host.user,
    authHandler: [...login.methods],
    algorithms: {...ALGORITHMS, serverHostKey: policy.algorithms},
    hostVerifier,
    // The deadline is ours, and any byte from the host shows that it is alive (`socket-life.ts`).
    readyTimeout: 0,
    keepaliveInterval: 10_000,
    keepaliveCountMax: Number.MAX_SAFE_INTEGER,
  } satisfies ConnectConfig;
}

async function openShell(host: Host, client: Client, opening: Opening, seconds: number): Promise<Connection> {
  const {socket} = opening;
  const why = (said: string, code?: number) =>
    opening.ended === 'too late' ? noShell(host, said, seconds) : shellFailure(host, said, code);
  const shell = await new Promise<RemoteShell>((resolve, reject) => {
    socket.once('close', () => reject(new HostError(why(''))));
    // Listen at once: a shell that ends by itself may have said so in the very packet that opens the channel.
    client.exec(bootstrapCommand(host.become), (error, channel) =>
      error ? reject(new HostError(why(error.message))) : resolve(new RemoteShell(channel, why, flowOf(socket))),
    );
  });
  client.on('error', () => shell.fail(why('')));
  client.on('close', () => shell.fail(why('')));
  await shell.ready();
  watchLife(socket);
  return {
    run: (steps, options) => shell.run(steps, options),
    keep: (command, options) => shell.keep(command, options),
    stop: () => shell.stop(),
    close: () => closeAll(client, shell),
  };
}

/** Waits at most two seconds: a client that the host has closed already does not report it a second time. */
function closeAll(client: Client, shell: RemoteShell): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      client.destroy();
      resolve();
    }, 2000);
    client.once('close', () => {
      clearTimeout(force);
      resolve();
    });
    shell.close();
    client.end();
  });
}
