import {
  distributionOf,
  type Facts,
  HostError,
  type InterfaceAddress,
  isDistribution,
  KNOWN_DISTRIBUTIONS,
  UnreadableReply,
} from '../model/index.js';
import {type Command, parseKeyValues, type Reply, sh} from '../shell/index.js';
import {databaseProbe, parseDatabase} from './database.js';

/**
 * Reads what a role may need to know about a host. The shell itself reads the files, without a process for each: this
 * comes first on every host in every run.
 */
export const factsProbe: Command = sh`while IFS= read -r line; do printf '%s\n' "$line"; done </etc/os-release
read -r name </proc/sys/kernel/hostname
while read -r key list; do [ "$key" != Cpus_allowed_list: ] || break; done </proc/self/status
read -r key memory unit </proc/meminfo
{ read -r architecture </var/lib/dpkg/arch; } 2>/dev/null || architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)
interfaces=$(ip -oneline address show scope global 2>/dev/null | while read -r number name family address rest; do printf '%s ' "$name/$address"; done)
set -- $SSH_CONNECTION
printf '%s\n' "hostname=$name" "cpus=$list" "memory=$memory" "architecture=$architecture" "addresses=$(hostname -I)" "interfaces=$interfaces" "client=$1"
${databaseProbe}`;

/**
 * The facts in the probe's reply. Throws `HostError` `unsupported-host` for a distribution that infra does not know,
 * and `UnreadableReply` for facts that are not what they should be; a fact that the host does not have is empty, or 0.
 */
export function parseFacts(reply: Reply): Facts {
  if (reply.truncated) throw new UnreadableReply('the facts of the host are too long');
  const values = parseKeyValues(reply.stdout);
  const os = values.ID ?? '';
  if (!isDistribution(os)) throw new HostError(unsupported(values.PRETTY_NAME ?? (os || 'unknown')));
  const database = parseDatabase(values);
  return {
    hostname: values.hostname ?? '',
    os,
    codename: (values.VERSION_ID === undefined && distributionOf({os}).rolling) || (values.VERSION_CODENAME ?? ''),
    version: values.VERSION_ID ?? '',
    architecture: values.architecture ?? '',
    cpus: countCpus(values.cpus ?? ''),
    memory: wholeNumber('memory', values.memory ?? '0') * 1024,
    addresses: words(values.addresses),
    interfaces: words(values.interfaces).map(parseInterface),
    client: values.client ?? '',
    ...(database && {database}),
  };
}

function words(list = ''): string[] {
  return list.split(' ').filter((word) => word !== '');
}

/** Of `eth0/192.0.2.10/24`; a point-to-point address has no prefix. */
function parseInterface(text: string): InterfaceAddress {
  const [name = '', address = '', prefix] = text.split('/');
  return {name, address, prefix: wholeNumber('prefix', prefix ?? (address.includes(':') ? '128' : '32'))};
}

/** The processors in a list such as `0-3,8`, on which this process may run. */
function countCpus(list: string): number {
  if (list === '') return 0;
  const ranges = list.split(',').map((range) => range.split('-').map((each) => wholeNumber('cpus', each)));
  return ranges.reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}

/** Of at most twelve digits. */
function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new UnreadableReply(`the fact ${name} is "${text.slice(0, 40)}", which is not a number`);
  return Number(text);
}

function unsupported(name: string) {
  return {
    reason: 'unsupported-host' as const,
    message: `the operating system is ${name}`,
    hint: `Take the host out of the inventory, or reinstall it: infra manages ${KNOWN_DISTRIBUTIONS}.`,
  };
}
