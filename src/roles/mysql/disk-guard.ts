import type {z} from 'zod';
import type {Handler, Items, RoleContext} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {restart, service, template} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {replicasOf} from './promise.js';
import type {ServerOptions} from './server-options.js';

const NAME = 'database-disk-guard';
const PROGRAM = `/usr/local/sbin/${NAME}`;

const CLIENT = {mariadb: 'mariadb --no-defaults --skip-ssl', mysql: 'mysql --no-defaults'} as const;

/**
 * A timer that keeps binary logs below their size and a tenth of the disk free, for servers that cannot do that
 * themselves: only MariaDB 11.4 and newer limit the size of their logs, and none checks the disk.
 */
export function diskGuard(options: z.output<typeof ServerOptions>, unit: string, context: RoleContext): Items {
  const {family, binlogSize} = options;
  const vars = {
    program: PROGRAM,
    service: unit,
    client: CLIENT[family],
    binlogSize,
    replicas: replicasOf(options, context),
  };
  const file = (suffix: string, notify: readonly Handler[]) =>
    template({
      path: `/etc/systemd/system/${NAME}.${suffix}`,
      source: `mysql/disk-guard.${suffix}`,
      vars,
      ...READABLE,
      notify,
    });
  return [
    template({
      path: PROGRAM,
      source: 'mysql/disk-guard.sh',
      vars,
      ...{...READABLE, mode: '0755'},
      validate: (path) => sh`sh -n ${path}`,
    }),
    file('service', [RELOAD_SYSTEMD]),
    file('timer', [RELOAD_SYSTEMD, restart(`${NAME}.timer`)]),
    service({name: `${NAME}.timer`}),
  ];
}
