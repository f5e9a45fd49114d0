import {type Command, sh} from '../../shell/index.js';

/** Commands that have a unit started at boot, or not. `enablement`: its `UnitFileState`. */
export function enableCommands(unit: string, enabled: boolean, enablement = ''): Command[] {
  if (enabled) return [sh`systemctl enable ${unit}`];
  const untilBoot = enablement.endsWith('-runtime') ? [sh`systemctl disable --runtime ${unit}`] : [];
  return [sh`systemctl disable ${unit}`, ...untilBoot];
}
