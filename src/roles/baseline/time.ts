import {sh} from '../../shell/index.js';
import {apt, onlyWhere, service} from '../../tasks/index.js';
import type {HostRule} from './host-rule.js';

/** The clock: certificates, logs and replication go by it. */
export const TIME_RULES: readonly HostRule[] = [
  {
    name: 'time',
    why: 'certificates and logs mean nothing on a clock that is wrong; chrony, ntpsec or openntpd stays where it is there',
    source: 'CIS 2.3.1.1, 2.3.2.2 and 2.3.3.3, lynis TIME-3104',
    tasks: () => [
      onlyWhere(sh`! ${OTHER}`, apt('systemd-timesyncd')),
      onlyWhere(sh`! ${OTHER}`, unlessContainer('systemd-timesyncd')),
      onlyWhere(sh`[ -e ${unit('chrony')} ]`, unlessContainer('chrony')),
    ],
  },
];

/** A container has the clock of its machine: there the service is enabled and does not start. */
function unlessContainer(name: string) {
  return onlyWhere(sh`systemd-detect-virt --container`, service({name, running: 'any'}), service({name}));
}

const unit = (name: string) => `/usr/lib/systemd/system/${name}.service`;

const OTHER = sh`{ [ -e ${unit('chrony')} ] || [ -e ${unit('ntpsec')} ] || [ -e ${unit('openntpd')} ]; }`;
