import {setTimeout as sleep} from 'node:timers/promises';
import {NodeSSH} from 'node-ssh';
import type {Client, ClientChannel, ConnectConfig} from 'ssh2';
import {type Failure, type Host, HostError} from '../model/index.js';
import {type Login, loadLogin} from './authentication.js';
import {bootstrapCommand} from './bootstrap.js';
import type {Connection} from './connection.js';
import {type ConnectError, connectFailure, isPassing, shellFailure} from './failures.js';
import {type HostKeyPolicy, loadHostKeyPolicy} from './host-key.js';
import {RemoteShell} from './remote-shell.js';

/** Seconds to wait before another attempt. */
const BACK_OFF: readonly number[] = [0.3, 1, 3];

/** Opens the one connection of a run to a host. Rejects with `HostError`. */
export async function connect(host: Host, env: NodeJS.ProcessEnv = process.env): Promise<Connection> {
  const [login, policy] = await Promise.all([loadLogin(host, env), loadHostKeyPolicy(host)]);
  for (const pause of [...BACK_OFF, undefined]) {
    const client = await attempt(host, login, policy, pause !== undefined);
    if (client) return openShell(host, client);
    await sleep((pause ?? 0) * 1000);
  }
  throw new Error('the last attempt either connects or throws');
}

/** A connected client, or undefined when the failure may pass and another try is allowed. */
async function attempt(
  host: Host,
  login: Login,
  policy: HostKeyPolicy,
  mayRetry: boolean,
): Promise<Client | undefined> {
  const ssh = new NodeSSH();
  let refusal: Failure | undefined;
  const connecting = ssh.connect(
    configure(host, login, policy.algorithms, (key) => {
      refusal = policy.refuse(key);
      return refusal === undefined;
    }),
  );
  const client = ssh.connection;
  // node-ssh takes its listener away once connected; an error without one would end the whole process.
  client?.on('error', () => {});
  try {
    await connecting;
  } catch (error) {
    client?.destroy();
    // ssh2 rejects with errors that carry a code or a level.
    const failed = error as ConnectError;
    if (!refusal && mayRetry && isPassing(failed)) return undefined;
    throw new HostError(refusal ?? connectFailure(host, failed, login.tried));
  }
  if (!client) throw new Error('node-ssh connected without a client');
  // Without this every small packet waits for the acknowledgement of the one before it.
  client.setNoDelay(true);
  return client;
}

function configure(
  host: Host,
  login: Login,
  serverHostKey: HostKeyPolicy['algorithms'],
  hostVerifier: (key: Buffer) => boolean,
) {
  return {
    host: host.address,
    port: host.port,
    username: host.user,
    authHandler: [...login.methods],
    algorithms: {serverHostKey},
    hostVerifier,
    readyTimeout: 20_000,
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
  const shell = new RemoteShell(channel, (rest) => shellFailure(host, rest));
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
