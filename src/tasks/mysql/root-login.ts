import type {Family} from './client.js';

/** An account of root or of nobody. */
export interface RootRow {
  readonly name: string;
  readonly host: string;
  /** What it logs in with: MySQL's plugin, MariaDB's JSON. */
  readonly login: string;
}

/** Whether only the system's root gets in. A method of MariaDB whose hash is `invalid` lets nobody in. */
export function isSocketOnly(family: Family, {login}: RootRow): boolean {
  if (family === 'mysql') return login === 'auth_socket';
  const priv = JSON.parse(login) as Method & {readonly auth_or?: readonly Method[]}; // the server's own JSON
  // An empty object among the alternatives stands for the method beside them.
  const methods = [priv, ...(priv.auth_or ?? [])].filter(({plugin}) => plugin !== undefined);
  return methods.every(({plugin, authentication_string: hash}) => plugin === 'unix_socket' || hash === 'invalid');
}

interface Method {
  readonly plugin?: string;
  readonly authentication_string?: string;
}
