import {ANYTHING, check, defineTask, optionsOf, Refusal, Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, parseKeyValues, type Reply, sh, showAs} from '../../shell/index.js';
import {explainHolder, holdersOf, parsePortHolders, unitName, withJournal} from './unit.js';

/** The desired unit. */
export interface ServiceSpec {
  /** `nginx`, `nginx.service`, `fstrim.timer`, `getty@tty1`. A name without a known ending is a service. */
  readonly name: string;
  /** Started at boot. Default true; `any` leaves it as it is. */
  readonly enabled?: boolean | 'any';
  /** Default true; `any` leaves it as it is. */
  readonly running?: boolean | 'any';
  /**
   * TCP ports that it should listen on. While it does not run and another program has one of them on all addresses, the
   * plan names it, and nothing is changed on the host. Default none.
   */
  readonly ports?: readonly number[];
}

/** A unit on the host. */
interface ServiceState {
  readonly enabled: boolean;
  /** `failed`, `activating` and the like where it is neither plainly on nor off. */
  readonly running: boolean | string;
  readonly masked: boolean;
  /** The unit itself where the name is an alias, as `sshd` is one of `ssh.service`. */
  readonly unit: string;
  /** systemd holds an older definition than the one on disk. */
  readonly outdated: boolean;
  readonly enablement: string;
}

const onOff = check.optional(check.oneOf(true, false, 'any'));

/**
 * A systemd unit; enabled and running unless told otherwise.
 *
 * A unit that cannot be enabled or disabled (static, indirect, generated, transient) counts as desired. A masked one is
 * unmasked when it should be enabled or running. One that does not exist counts as disabled and stopped.
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
    if (!/^[A-Za-z0-9:_.@\\-]+$/.test(name)) return `"${name}" is not the name of a unit`;
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

/**
 * Parses the properties of a unit; `null` when there is none and none is needed. Throws `UnreadableReply` for what is
 * not an answer of `systemctl show`, and `Refusal` where another program has a port that the unit needs.
 */
function parseUnit(reply: Reply, spec: ServiceSpec): ServiceState | null | Unknown {
  const {LoadState, ActiveState, ...unit} = parseKeyValues(reply.stdout);
  if (reply.code === 127 || /not been booted with systemd|Failed to connect to/.test(reply.stderr)) {
    return new Unknown('systemd does not run on this host');
  }
  if (reply.code !== 0 || LoadState === undefined || ActiveState === undefined) {
    throw new UnreadableReply(`systemctl show answered: ${`${reply.stderr} ${reply.stdout}`.trim()}`);
  }
  const id = unitName(spec.name);
  const {enabled = true, running = true} = spec;
  if (running === true) refuseTaken(reply.stdout, spec.name);
  const isMissing = LoadState === 'not-found';
  if (isMissing && (enabled === true || running === true)) return new Unknown(`unit ${id} does not exist`);
  if (isMissing && ActiveState === 'inactive') return null;
  if (UNUSABLE.includes(LoadState)) return new Unknown(`unit ${id} cannot be loaded: ${unit.LoadError || LoadState}`);
  return {
    enabled: !isMissing && isEnabled(unit.UnitFileState ?? '', unit.IsEnabled, spec),
    running: isRunning(ActiveState, unit.SubState ?? ''),
    masked: LoadState === 'masked',
    unit: unit.Id || id,
    outdated: unit.NeedDaemonReload === 'yes',
    enablement: unit.UnitFileState ?? '',
  };
}

/** The probe asks only for a unit that does not run, so the program is another one. */
function refuseTaken(stdout: string, name: string): void {
  const [holder] = parsePortHolders(stdout);
  if (holder === undefined) return;
  const {message, hint} = explainHolder(holder, name);
  const names = [holder.program, holder.unit?.replace(/\.service$/, '') ?? holder.program];
  throw new Refusal(
    message,
    hint,
    names.map((each) => `unit:${each}`),
  );
}

const UNUSABLE = ['bad-setting', 'error'];

/** `sysv`: what `systemctl is-enabled` says of a generated unit; for an init script that is the truth. */
function isEnabled(state: string, sysv: string | undefined, {enabled}: ServiceSpec): boolean {
  if (state === 'generated' && (sysv === 'enabled' || sysv === 'disabled')) return sysv === 'enabled';
  if (FIXED.includes(state)) return enabled !== false;
  return state === 'enabled';
}

// systemctl(1), is-enabled: units without an [Install] section of their own. Empty: no file, as devices and scopes.
const FIXED = ['static', 'indirect', 'generated', 'transient', 'alias', ''];

function isRunning(active: string, sub: string): boolean | string {
  if (['active', 'reloading', 'refreshing'].includes(active)) return true;
  if (active === 'inactive') return false;
  return active === 'activating' && sub === 'auto-restart' ? 'failing again and again' : active;
}

function unmask(unit: string, enablement: string | undefined): Command {
  return enablement === 'masked-runtime' ? sh`systemctl unmask --runtime ${unit}` : sh`systemctl unmask ${unit}`;
}

/** Commands that have a unit started at boot, or not. `enablement`: its `UnitFileState`. */
function enableCommands(unit: string, enabled: boolean, enablement = ''): Command[] {
  if (enabled) return [sh`systemctl enable ${unit}`];
  const untilBoot = enablement.endsWith('-runtime') ? [sh`systemctl disable --runtime ${unit}`] : [];
  return [sh`systemctl disable ${unit}`, ...untilBoot];
}

function runCommands(unit: string, run: boolean, now: boolean | string | undefined): (Command | false)[] {
  if (!run) return [sh`systemctl stop ${unit}`];
  // A unit that failed too often in a short time refuses to start until its count is cleared.
  const isPlain = now === true || now === false;
  const start = showAs(
    `systemctl start ${unit}`,
    sh`{ systemctl start ${unit} && { systemctl is-active --quiet ${unit} || { echo ${`${unit} was started but is not running`} >&2; false; }; }; }`,
  );
  return [!isPlain && sh`systemctl reset-failed ${unit}`, withJournal(unit, start)];
}
