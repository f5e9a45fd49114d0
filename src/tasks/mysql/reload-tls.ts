import type {Handler} from '../../model/index.js';
import {sh, showAs} from '../../shell/index.js';
import {runStatements, type ServerFamily} from './client.js';

/**
 * Has a running server read its certificate again; no connection is cut, the new ones get the new certificate. A server
 * that is stopped, or that does not use the file `certificate` yet, is left alone: it reads it when it starts.
 */
export function reloadTls(family: ServerFamily, certificate: string): Handler {
  const statement = STATEMENTS[family];
  const inUse = runStatements(family, ['SELECT @@global.ssl_cert;']);
  const reload = sh`if [ "$(${inUse} 2>/dev/null)" = ${certificate} ]; then ${runStatements(family, [statement])}; fi`;
  return {id: `reload certificate ${certificate}`, command: showAs(`${family}: ${statement}`, reload)};
}

/**
 * MySQL's leaves the old certificate in use when the new one cannot be. Without LOCAL, MariaDB writes its statement to
 * the binary log, and a replica that did so would no longer follow its primary.
 */
const STATEMENTS: Readonly<Record<ServerFamily, string>> = {
  mariadb: 'FLUSH LOCAL SSL;',
  mysql: 'ALTER INSTANCE RELOAD TLS;',
};
