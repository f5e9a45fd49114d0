import {ANYTHING, check, defineTask, optionsOf} from '../../model/index.js';
import {type Command, sh, showAs} from '../../shell/index.js';
import {enableCommands} from './enable.js';
import {parseUnit} from './parse.js';
import {explainHolder, holdersOf, parsePortHolders} from './port-holders.js';
import type {ServiceSpec, ServiceState} from './spec.js';
import {unitName} from './unit-name.js';
import {withJournal} from './with-journal.js';

const onOff = check.optional(check.oneOf(true, false, 'any'));

/**
 * A systemd unit; enabled and running unless told otherwise.
 *
 * A unit that cannot be enabled or disabled (static, indirect, generated, transient) counts as it is wished. A masked
 * one is unmasked when it shall be enabled or run. One that does not exist counts as disabled and stopped.
 *
 * @example
 * service({name: 'nginx'})
 * service({name: 'exim4', enabled: false, running: false})
 */
export const service = defineTask<ServiceSpec, ServiceState>({
  type: 'service',
  options: optionsOf<ServiceSpec>({
    name: check.text,
    enabled: onOff,
    running: onOff,
    ports: check.optional(check.list(check.wholeNumber(1))),
  }),
  id: ({name}) => name,
  refuse: ({name}) => {
    if (!/^[A-Za-z0-9:_.@\\-]+$/.test(name)) return `"${name}" is no name of a unit`;
    return /@(\.|$)/.test(name) ? `"${name}" is a template; name an instance of it` : undefined;
  },
  probe: ({name, ports = [], running = true}) => {
    const unit = unitName(name);
    const show = sh`s=$(systemctl show --property=${PROPERTIES} -- ${unit}) || exit; echo "$s"
case $s in *UnitFileState=generated*) echo "IsEnabled=$(systemctl is-enabled -- ${unit} 2>/dev/null)";; esac`;
    if (ports.length === 0 || running !== true) return show;
    return sh`${show}
case $s in *ActiveState=inactive*|*ActiveState=failed*) ${holdersOf(sh`${ports}`)};; esac`;
  },
  parse: (reply, spec) => parseUnit(reply, spec),
  desire: ({enabled = true, running = true}, present) =>
    present && {
      ...((enabled === true || running === true) && {masked: false}),
      ...(enabled !== 'any' && {enabled}),
      ...(running !== 'any' && {running: running === false && present.running === 'failed' ? 'failed' : running}),
    },
  change: ({name}, to, present) => {
    const unit = present?.unit ?? unitName(name);
    return [
      present?.outdated && sh`systemctl daemon-reload`,
      to?.masked === false && unmask(unit, present?.enablement),
      ...(to?.enabled === undefined ? [] : enableCommands(unit, to.enabled, present?.enablement)),
      ...(to?.running === undefined ? [] : runCommands(unit, to.running === true, present?.running)),
    ];
  },
  affects: ({name}) => [ANYTHING, `unit:${name.replace(/\.service$/, '')}`],
  hint: ({stderr}, {name}) => {
    const [holder] = parsePortHolders(stderr);
    return holder && explainHolder(holder, name);
  },
});

const PROPERTIES = 'Id,LoadState,LoadError,UnitFileState,ActiveState,SubState,NeedDaemonReload';

function unmask(unit: string, enablement: string | undefined): Command {
  return enablement === 'masked-runtime' ? sh`systemctl unmask --runtime ${unit}` : sh`systemctl unmask ${unit}`;
}

function runCommands(unit: string, run: boolean, now: boolean | string | undefined): (Command | false)[] {
  if (!run) return [sh`systemctl stop ${unit}`];
  // A unit that failed too often in a short time refuses to start until its count is cleared.
  const isPlain = now === true || now === false;
  const start = showAs(
    `systemctl start ${unit}`,
    sh`{ systemctl start ${unit} && { systemctl is-active --quiet ${unit} || { echo ${`${unit} was started and is not running`} >&2; false; }; }; }`,
  );
  return [!isPlain && sh`systemctl reset-failed ${unit}`, withJournal(unit, start)];
}
