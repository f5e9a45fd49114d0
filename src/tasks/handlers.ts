import {check, checkOptions, type Handler} from '../model/index.js';
import {sh, showAs} from '../shell/index.js';
import {unitName} from './service/unit-name.js';
import {withJournal} from './service/with-journal.js';

/**
 * Has a running unit read its configuration again; restarts one that cannot. A stopped unit stays so.
 *
 * @example
 * file({path: '/etc/nginx/conf.d/uploads.conf', content: 'client_max_body_size 20m;\n', notify: reload('nginx')})
 */
export function reload(name: string): Handler {
  return handler('reload', 'try-reload-or-restart', name);
}

/**
 * Restarts a running unit. A stopped unit stays so.
 *
 * @example
 * file({path: '/etc/default/app', content: 'WORKERS=4\n', notify: restart('app')})
 */
export function restart(name: string): Handler {
  return handler('restart', 'try-restart', name);
}

function handler(word: string, verb: string, name: string): Handler {
  checkOptions<{unit: string}>({unit: check.text}, {unit: name}, {what: word});
  const unit = unitName(name);
  const definition = sh`case $(systemctl show --property=NeedDaemonReload --value -- ${unit}) in yes) systemctl daemon-reload;; esac`;
  const act = sh`systemctl ${verb} ${unit}`;
  // A unit that failed to come up is no longer running, and may have been tried too often in a row.
  const again = sh`{ systemctl reset-failed ${unit} 2>/dev/null; systemctl ${verb.replace('try-', '')} ${unit}; }`;
  return {
    id: `${word} ${name}`,
    command: showAs(String(act), sh`${definition} && ${withJournal(unit, act)}`),
    recover: again,
  };
}
