import {check, checkOptions, type Handler, isMapped, kindOf, SpecError} from '../../model/index.js';
import {sh, showAs} from '../../shell/index.js';
import {unitName, withJournal} from './unit.js';

/**
 * Has a running unit read its configuration again; restarts one that cannot. A stopped unit stays so.
 *
 * @example
 * file({path: '/etc/nginx/conf.d/uploads.conf', content: 'client_max_body_size 20m;\n', notify: reload('nginx')})
 */
export function reload(name: string): Handler;
export function reload(...given: readonly unknown[]): Handler {
  return handler('reload', 'try-reload-or-restart', given);
}

/**
 * Restarts a running unit. A stopped unit stays so.
 *
 * @example
 * file({path: '/etc/default/app', content: 'WORKERS=4\n', notify: restart('app')})
 */
export function restart(name: string): Handler;
export function restart(...given: readonly unknown[]): Handler {
  return handler('restart', 'try-restart', given);
}

function handler(word: string, verb: string, [unit, ...more]: readonly unknown[]): Handler {
  checkOptions<{unit: string}>({unit: check.text}, {unit}, {what: word});
  if (more.length > 0 && !isMapped(more))
    throw new SpecError(
      `${word}: it takes the name of a unit and nothing else, not ${kindOf(more[0])}`,
      `Write ${word}('nginx').`,
    );
  const name = String(unit);
  const service = unitName(name);
  const definition = sh`case $(systemctl show --property=NeedDaemonReload --value -- ${service}) in yes) systemctl daemon-reload;; esac`;
  const act = sh`systemctl ${verb} ${service}`;
  // A unit that failed to come up is no longer running, and may have been tried too often in a row.
  const again = sh`{ systemctl reset-failed ${service} 2>/dev/null; systemctl ${verb.replace('try-', '')} ${service}; }`;
  return {
    id: `${word} ${name}`,
    command: showAs(String(act), sh`${definition} && ${withJournal(service, act)}`),
    recover: again,
  };
}
