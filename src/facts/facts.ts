import {type Facts, HostError} from '../model/index.js';
import {type Command, parseKeyValues, type Reply, sh} from '../shell/index.js';

/** Reads what a role may want to know of a host: one command, few processes. */
export const factsProbe: Command = sh`cat /etc/os-release
printf 'hostname=%s\n' "$(hostname)"
printf 'architecture=%s\n' "$(dpkg --print-architecture)"
printf 'cpus=%s\n' "$(nproc)"
printf 'addresses=%s\n' "$(hostname -I)"
sed -n 's/^MemTotal: *\([0-9]*\) kB/memory=\1/p' /proc/meminfo`;

/** Throws `HostError` `unsupported-host` for anything but Debian and its Ubuntu child. */
export function parseFacts(reply: Reply): Facts {
  const values = parseKeyValues(reply.stdout);
  const os = values.ID ?? '';
  if (os !== 'debian' && os !== 'ubuntu') throw new HostError(unsupported(values.PRETTY_NAME ?? (os || 'unknown')));
  return {
    hostname: values.hostname ?? '',
    os,
    // Debian sid names itself after the next release, but has no version.
    codename: values.VERSION_ID === undefined && os === 'debian' ? 'sid' : (values.VERSION_CODENAME ?? ''),
    version: values.VERSION_ID ?? '',
    architecture: values.architecture ?? '',
    cpus: Number(values.cpus ?? 1),
    memory: Number(values.memory ?? 0) * 1024,
    addresses: (values.addresses ?? '').split(' ').filter((address) => address !== ''),
  };
}

function unsupported(name: string) {
  return {
    reason: 'unsupported-host' as const,
    message: `the operating system is ${name}`,
    hint: 'infra manages Debian and Ubuntu: take the host out of the inventory or reinstall it.',
  };
}
