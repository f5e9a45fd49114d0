import {type Family, isMembers, parseMembers} from './client.js';

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
  const priv = parseMembers(login);
  const others = Array.isArray(priv.auth_or) ? priv.auth_or.filter(isMembers) : [];
  // An empty object among the alternatives stands for the method beside them.
  const methods = [priv, ...others].filter(({plugin}) => plugin !== undefined);
  return methods.every(({plugin, authentication_string: hash}) => plugin === 'unix_socket' || hash === 'invalid');
}
