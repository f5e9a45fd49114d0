import {setTimeout as sleep} from 'node:timers/promises';
import {NodeSSH} from 'node-ssh';
import type {Client, ClientChannel, ConnectConfig} from 'ssh2';
import {type Failure, type Host, HostError} from '../model/index.js';
import {type Login, loadLogin} from './authentication.js';
import {bootstrapCommand} from './bootstrap.js';
import type {Connection} from './connection.js';
import {type ConnectError, connectFailure, isPassing, isRefusedLogin} from './failures.js';
import {type HostKeyPolicy, loadHostKeyPolicy} from './host-key.js';
import {agentCredential, loginRefused} from './login-failures.js';
import {RemoteShell} from './remote-shell.js';
import {shellFailure} from './shell-failures.js';

/** Seconds to wait before another attempt. */
const BACK_OFF: readonly number[] = [0.3, 1, 3];

export interface ConnectOptions {
  /** Where the SSH agent is named. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Ends the attempt, which then rejects with the signal's reason, or the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Until a host that does not answer is given up. Default 20. */
  readonly seconds?: number | undefined;
}

/** Opens the one connection of a run to a host. Rejects with `HostError`. */
export async function connect(host: Host, options: ConnectOptions = {}): Promise<Connection> {
  const {env = process.env, signal, seconds = 20} = options;
  const [login, policy] = await Promise.all([loadLogin(host, env), loadHostKeyPolicy(host)]);
  for (const pause of [...BACK_OFF, undefined]) {
    const client = await attempt({host, login, policy, mayRetry: pause !== undefined, signal, seconds});
    if (client) return openShell(host, client);
    await sleep((pause ?? 0) * 1000, undefined, {signal});
  }
  throw new Error('the last attempt either connects or throws');
}

interface Attempt {
  readonly host: Host;
  readonly login: Login;
  readonly policy: HostKeyPolicy;
  readonly mayRetry: boolean;
  readonly signal: AbortSignal | undefined;
  readonly seconds: number;
}

/** A connected client, or undefined when the failure may pass and another try is allowed. */
async function attempt(given: Attempt): Promise<Client | undefined> {
  const {host, login, policy, mayRetry, signal} = given;
  signal?.throwIfAborted();
  const ssh = new NodeSSH();
  let refusal: Failure | undefined;
  const connecting = ssh.connect(
    configure(given, (key) => {
      refusal = policy.refuse(key);
      return refusal === undefined;
    }),
  );
  const client = ssh.connection;
  const end = () => client?.destroy();
  signal?.addEventListener('abort', end, {once: true});
  client?.once('close', () => signal?.removeEventListener('abort', end));
  // node-ssh takes its listener away once connected; an error without one would end the whole process.
  client?.on('error', () => {});
  try {
    await connecting;
  } catch (error) {
    client?.destroy();
    signal?.throwIfAborted();
    // ssh2 rejects with errors that carry a code or a level.
    const failed = error as ConnectError;
    if (!refusal && mayRetry && isPassing(failed)) return undefined;
    throw new HostError(refusal ?? (await explain(host, failed, login)));
  }
  if (!client) throw new Error('node-ssh connected without a client');
  // Without this every small packet waits for the acknowledgement of the one before it.
  client.setNoDelay(true);
  return client;
}

async function explain(host: Host, failed: ConnectError, {files, agent}: Login): Promise<Failure> {
  if (!isRefusedLogin(failed)) return connectFailure(host, failed);
  return loginRefused(host, agent === undefined ? files : [...files, await agentCredential(agent)]);
}

function configure({host, login, policy, seconds}: Attempt, hostVerifier: (key: Buffer) => boolean) {
  return {
    host: host.address,
    port: host.port,
    username: host.user,
    authHandler: [...login.methods],
    algorithms: {serverHostKey: policy.algorithms},
    hostVerifier,
    readyTimeout: seconds * 1000,
    keepaliveInterval: 10_000,
    keepaliveCountMax: 3,
  } satisfies ConnectConfig;
}

async function openShell(host: Host, client: Client): Promise<Connection> {
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.exec(bootstrapCommand(host.become), (error, opened) =>
      error ? reject(lost(host, error)) : resolve(opened),
    );
  });
  const shell = new RemoteShell(channel, (rest, code) => shellFailure(host, rest, code));
  client.on('error', () => shell.fail(shellFailure(host, '')));
  client.on('close', () => shell.fail(shellFailure(host, '')));
  return {
    run: (steps, options) => shell.run(steps, options),
    keep: (command) => shell.keep(command),
    stop: () => shell.stop(),
    close: () => closeAll(client, shell),
  };
}

const lost = (host: Host, error: Error) => new HostError(shellFailure(host, error.message));

/** A client that the host has closed already says so no second time: nobody waits for that longer than two seconds. */
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
