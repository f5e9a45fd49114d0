import type {Distribution, Handler, Items} from '../../model/index.js';
import {directory, file, template} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';

/**
 * Keeps the state of a server that was drained, put into maintenance or given another weight by the administration
 * socket when HAProxy is reloaded, by infra or by hand. A restart loses it. Comes after the package: the unit needs the
 * script in HAProxy's directory.
 */
export function keepState(notify: Handler, {haproxyCheck}: Distribution): Items {
  return [
    template({path: SCRIPT, source: 'haproxy/save-server-state', ...READABLE, mode: '0755'}),
    directory({path: UNIT_DIRECTORY, ...READABLE, mode: '0755'}),
    file({
      path: `${UNIT_DIRECTORY}/infra.conf`,
      content: dropIn(haproxyCheck),
      ...READABLE,
      notify: [RELOAD_SYSTEMD, notify],
    }),
  ];
}

const SCRIPT = '/etc/haproxy/save-server-state';
const UNIT_DIRECTORY = '/etc/systemd/system/haproxy.service.d';

/**
 * The package's reload, with one step before it. The file must exist at every start: HAProxy 2.6 warns without it.
 */
const dropIn = (check: string) => `# Managed by infra: a drained server stays drained when HAProxy is reloaded.
[Service]
ExecStartPre=${SCRIPT}
ExecReload=
ExecReload=${SCRIPT}
ExecReload=${check}
ExecReload=/bin/kill -USR2 $MAINPID
`;
