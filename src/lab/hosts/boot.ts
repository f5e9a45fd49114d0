import {join} from 'node:path';
import {hostDirectory, LabError, type LabPaths} from '../lab.js';
import {clearControlGroup} from '../machine/kernel.js';
import {bridge} from '../machine/network.js';
import {killGroup, livingProcess, type RecordedProcess, signal, startRecorded, waitForEnd} from '../machine/process.js';
import {diskDirectory, loadDisk, lowerLayers} from './disk.js';
import type {LabHost} from './host.js';
import {REBOOT_CODE} from './identity.js';
import {initOf} from './inside.js';

/**
 * Starts a host that has a disk; it boots in the background and outlives this process. Throws `LabError` when it has
 * none.
 */
export async function bootHost(paths: LabPaths, {name}: LabHost): Promise<void> {
  const disk = loadDisk(paths, name);
  if (!disk) throw new LabError('boot-failed', `${name} has no complete disk`, `Run infra lab reset ${name}.`);
  startRecorded(recordFile(paths, name), consoleFile(paths, name), bootScript, [
    name,
    diskDirectory(paths, name),
    bridge,
    DROPPED.join(','),
    lowerLayers(disk),
    disk.upper,
  ]);
}

/** The process that runs a host; undefined when the host is off. */
export function hostProcess(paths: LabPaths, name: string): RecordedProcess | undefined {
  return livingProcess(recordFile(paths, name));
}

/** The file that records a host's process; absent until its boot has begun. */
export function recordFile(paths: LabPaths, name: string): string {
  return join(hostDirectory(paths, name), 'process');
}

/** The file with a host's console output. */
export function consoleFile(paths: LabPaths, name: string): string {
  return join(hostDirectory(paths, name), 'console.log');
}

/**
 * Capabilities that would act on this machine, because the hosts share its kernel: its clock, modules, memory, kernel
 * and console, its audit log, device nodes of its disks, and opening its files by number (open_by_handle_at(2)). nspawn
 * does not grant the first four anyway; a later version might.
 */
const DROPPED = [
  ...['CAP_SYS_TIME', 'CAP_SYS_MODULE', 'CAP_SYS_RAWIO', 'CAP_SYSLOG'],
  ...['CAP_SYS_BOOT', 'CAP_SYS_TTY_CONFIG', 'CAP_AUDIT_CONTROL', 'CAP_MKNOD', 'CAP_DAC_READ_SEARCH'],
];

// Runs in a mount namespace of its own: the disk is mounted for this host alone and vanishes with it, and a cgroup2
// tree stands in for whatever the machine has (systemd 256 and newer refuse to boot on version 1).
// Directories of a saved state can be renamed, as MySQL does with its redo log when it gets a copy: redirect_dir.
// nspawn leaves directories in /run/systemd/nspawn when it is killed: they vanish with the tmpfs.
// It also gives the machine's own os-release to the host, which could mount it writable: a copy replaces it.
// The kernel takes a moment to remove the interface pair of a host that was killed; nspawn would fail because of it.
// MariaDB's unit needs CAP_IPC_LOCK, which nspawn does not grant by default.
const bootScript = `name=$1 disk=$2 bridge=$3 drop=$4 lower=$5 upper=$6
umount --recursive /sys/fs/cgroup 2>/dev/null || umount --recursive --lazy /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p "/sys/fs/cgroup/infra-lab/$name"
echo $$ >"/sys/fs/cgroup/infra-lab/$name/cgroup.procs"
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=755 tmpfs /run/systemd/nspawn
cp /etc/os-release /run/systemd/nspawn/os-release
mount --bind /run/systemd/nspawn/os-release "$(readlink -f /etc/os-release)"
cd "$disk"
rm -rf "$upper.work"
mkdir "$upper.work"
mount -t overlay overlay -o "redirect_dir=on,lowerdir=$lower,upperdir=$upper,workdir=$upper.work" root
cd /
while :; do
  code=0
  ip link delete "vb-$name" 2>/dev/null || true
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --boot --machine="$name" --directory="$disk/root" \\
    --network-bridge="$bridge" --register=no --keep-unit --capability=CAP_IPC_LOCK --drop-capability="$drop" \\
    --resolv-conf=off --timezone=off --link-journal=no --console=pipe || code=$?
  [ "$code" = ${REBOOT_CODE} ] || break
done
echo "systemd-nspawn ended with $code"
`;

// systemd(1): SIGRTMIN+4 starts poweroff.target. The C library's SIGRTMIN is 34 on Linux.
const powerOffSignal = 34 + 4;

// A host with a database shuts down in 2 to 5 s.
const powerOffSeconds = 20;

/**
 * Shuts a host down as its power button would; it is cut off when it is not off after `seconds`. Returns whether it
 * ended by itself; true for a host that is off already.
 */
export async function powerOff(paths: LabPaths, name: string, seconds = powerOffSeconds): Promise<boolean> {
  const running = hostProcess(paths, name);
  const init = running && initOf(running);
  if (init) signal(init, powerOffSignal);
  const ended = !running || (init !== undefined && (await waitForEnd(running, seconds)));
  await cutOff(paths, name);
  return ended;
}

/** Ends a host at once; its disk stays. Does nothing for a host that is off. */
export async function cutOff(paths: LabPaths, name: string): Promise<void> {
  const running = hostProcess(paths, name);
  if (running) await killGroup(running);
  await clearControlGroup(name);
}
