import {setTimeout as sleep} from 'node:timers/promises';
import ssh2, {type ServerHostKeyAlgorithm} from 'ssh2';
import {HostError} from '../../model/index.js';
import {type ConnectError, connectFailure, isPassing} from '../failures.js';
import {hostKeyOf} from '../known-hosts.js';
import type {ScanHostKeys} from '../transport.js';
import {ALGORITHMS} from './algorithms.js';

/** Makes one handshake for each type of key, Ed25519 first, and ends it before any login. */
export const scanHostKeys: ScanHostKeys = async (address, port, {signal, seconds = 10} = {}) => {
  const ended = new AbortController();
  const signals = [ended.signal, ...(signal ? [signal] : [])];
  const target = {address, port, deadline: performance.now() + seconds * 1000, signal: AbortSignal.any(signals)};
  try {
    const wires = await Promise.all(KEY_TYPES.map((algorithms) => keyOf(target, algorithms)));
    const keys = wires.flatMap((wire) => (wire ? [hostKeyOf(wire)] : []));
    if (keys.length === 0) throw new HostError(noKey(address, port));
    return keys;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
  }
};

interface Target {
  readonly address: string;
  readonly port: number;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** A server has at most one key of each of these types. OpenSSH no longer accepts DSA keys. */
const KEY_TYPES: readonly (readonly ServerHostKeyAlgorithm[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
];

/** Seconds before another attempt. */
const BACK_OFF: readonly number[] = [0.3, 1];

/** Undefined when the server has no key of the type. */
async function keyOf(target: Target, algorithms: readonly ServerHostKeyAlgorithm[]): Promise<Buffer | undefined> {
  for (const pause of [...BACK_OFF, undefined]) {
    const answer = await handshake(target, algorithms);
    if (Buffer.isBuffer(answer)) return answer;
    if (/no matching host key format/.test(answer.message)) return undefined;
    const mayPass = pause !== undefined && isPassing(answer) && performance.now() < target.deadline;
    if (!mayPass) throw new HostError(connectFailure({...target, user: ''}, answer));
    await sleep(pause * 1000, undefined, {signal: target.signal});
  }
  throw new Error('the last attempt either answers or throws');
}

/** The key in wire form, or why there is none. Refusing the key ends the connection before any login. */
function handshake({address, port, deadline, signal}: Target, serverHostKey: readonly ServerHostKeyAlgorithm[]) {
  return new Promise<Buffer | ConnectError>((resolve, reject) => {
    const client = new ssh2.Client();
    const end = () => {
      client.destroy();
      reject(signal.reason);
    };
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, {once: true});
    client.on('error', resolve);
    client.on('close', () => {
      signal.removeEventListener('abort', end);
      resolve(new Error('Connection lost before handshake'));
    });
    client.connect({
      host: address,
      port,
      username: 'infra',
      algorithms: {...ALGORITHMS, serverHostKey: [...serverHostKey]},
      hostVerifier: (key: Buffer) => {
        resolve(key);
        return false;
      },
      readyTimeout: Math.max(1, deadline - performance.now()),
    });
  });
}

function noKey(address: string, port: number) {
  return {
    reason: 'unreachable' as const,
    message: `${address} port ${port} shows no host key of type Ed25519, ECDSA or RSA`,
    hint: 'Make one on the server: sudo ssh-keygen -A && sudo systemctl restart ssh',
  };
}
