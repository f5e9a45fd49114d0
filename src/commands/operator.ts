import {hostname, userInfo} from 'node:os';

/** Who runs this: `user@machine`. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`;
}
