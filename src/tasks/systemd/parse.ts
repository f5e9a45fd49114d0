import {Refusal, Unknown, UnreadableReply} from '../../model/index.js';
import {parseKeyValues, type Reply} from '../../shell/index.js';
import {explainHolder, parsePortHolders} from './port-holders.js';
import type {ServiceSpec, ServiceState} from './spec.js';
import {unitName} from './unit-name.js';

/** Parses the properties of a unit; `null` when there is none and none is needed. Throws `UnreadableReply` for what is no answer of `systemctl show`, and `Refusal` where another program has a port that the unit needs. */
export function parseUnit(reply: Reply, spec: ServiceSpec): ServiceState | null | Unknown {
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

/** Asked only of a unit that does not run, so the program is another one. */
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
