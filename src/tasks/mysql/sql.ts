import {Secret} from '../../shell/index.js';

/** A string literal of both families; {@link import('./client.js')} switches backslash escapes on. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A quoted identifier of both families. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `'user'@'host'` */
export function account(name: string, host: string): string {
  return `${literal(name)}@${literal(host)}`;
}

/** A string literal that is never shown. */
export function secretLiteral(secret: Secret): Secret {
  return new Secret(literal(secret.reveal()));
}
