import {createHmac} from 'node:crypto';
import {Content, type Seen, type State} from '../model/index.js';
import type {Secret} from '../shell/index.js';

/** A digest that can be made or compared only with the key: 32 hexadecimal digits of an HMAC-SHA-256. */
export type Digest = (text: string) => string;

export function digestWith(key: Secret): Digest {
  return (text) => createHmac('sha256', key.reveal()).update(text).digest('hex').slice(0, 32);
}

/** Digest of a present state. `subject` names the task, so that equal states of two tasks have different digests. */
export function presentDigest(digest: Digest, subject: string, seen: Seen): string {
  return digest(JSON.stringify(['present', subject, canonical(seen.present)]));
}

/** Digest of the desired state. */
export function desiredDigest(digest: Digest, subject: string, seen: Seen): string {
  return digest(JSON.stringify(['desired', subject, canonical(seen.desired)]));
}

/** Attributes sorted by name, contents by their digest. */
export function canonical(state: State | undefined): unknown {
  if (state === undefined) return 'unread';
  if (state === null) return null;
  const known = Object.entries(state).filter(([, value]) => value !== undefined);
  const sorted = known.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([name, value]) => [name, value instanceof Content ? {sha256: value.sha256} : value]);
}
