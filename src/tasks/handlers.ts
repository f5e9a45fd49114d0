import type {Handler} from '../model/index.js';
import {sh, showAs} from '../shell/index.js';
import {unitName} from './service/unit-name.js';
import {withJournal} from './service/with-journal.js';

/** Has a running unit read its configuration again; restarts one that cannot. A stopped unit stays so. */
export function reload(name: string): Handler {
  return handler('reload', 'try-reload-or-restart', name);
}

/** Restarts a running unit. A stopped unit stays so. */
export function restart(name: string): Handler {
  return handler('restart', 'try-restart', name);
}

function handler(word: string, verb: string, name: string): Handler {
  const unit = unitName(name);
  const definition = sh`case $(systemctl show --property=NeedDaemonReload --value -- ${unit}) in yes) systemctl daemon-reload;; esac`;
  const act = sh`systemctl ${verb} ${unit}`;
  return {id: `${word} ${name}`, command: showAs(String(act), sh`${definition} && ${withJournal(unit, act)}`)};
}
