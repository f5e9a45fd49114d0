import {chown, mkdir, writeFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {readIfPossible} from '../../local/read-file.js';
import {type AptSettings, LabError, type LabPaths} from '../lab.js';
import {proxyPort} from './apt-settings.js';
import {gatewayAddress} from './network.js';
import {killGroup, livingProcess, startRecorded} from './process.js';
import {lastLines, run} from './run.js';

/** Starts the lab's package proxy for the given mirrors, or keeps the one that runs with the same configuration. */
export async function startSquid(paths: LabPaths, settings: AptSettings, mirrors: readonly string[]): Promise<void> {
  const directories = squidDirectories(paths);
  const parent = settings.proxy ? {parent: settings.proxy} : {};
  const config = renderSquidConfig({state: directories.state, cache: directories.cache, mirrors, ...parent});
  if (livingProcess(directories.record) && readIfPossible(directories.config) === config) return;
  await stopSquid(paths);
  await makeDirectories(directories);
  await writeFile(directories.config, config, {mode: 0o600});
  await run('squid', ['-N', '-z', '-n', 'infralab', '-f', directories.config]);
  startRecorded(directories.record, directories.log, 'exec squid -N -n infralab -f "$1"', [directories.config]);
  await waitForPort(directories);
}

/** Ends the proxy if it runs; its cache of packages stays. */
export async function stopSquid(paths: LabPaths): Promise<void> {
  const running = livingProcess(squidDirectories(paths).record);
  if (running) await killGroup(running);
}

/** Whether the lab's proxy runs. */
export function squidRuns(paths: LabPaths): boolean {
  return livingProcess(squidDirectories(paths).record) !== undefined;
}

type SquidDirectories = ReturnType<typeof squidDirectories>;

function squidDirectories(paths: LabPaths) {
  const state = join(paths.state, 'squid');
  return {
    state,
    cache: join(paths.cache, 'packages'),
    config: join(paths.state, 'squid.conf'),
    record: join(paths.state, 'squid.process'),
    log: join(paths.state, 'squid.log'),
  };
}

// Debian's squid drops root for the user proxy, who then writes its cache and log.
async function makeDirectories({state, cache}: SquidDirectories) {
  const user = Number((await run('id', ['-u', 'proxy'])).trim());
  const group = Number((await run('id', ['-g', 'proxy'])).trim());
  for (const directory of [state, cache]) {
    await mkdir(directory, {recursive: true, mode: 0o755});
    await chown(directory, user, group);
  }
}

async function waitForPort({record, log, state}: SquidDirectories) {
  const deadline = performance.now() + 20_000;
  while (!(await answers())) {
    if (performance.now() > deadline || (performance.now() > deadline - 18_000 && !livingProcess(record))) {
      const said = lastLines([join(state, 'cache.log'), log].map((file) => readIfPossible(file) ?? '').join(''), 6);
      throw new LabError(
        'boot-failed',
        `The package proxy (squid) does not answer:\n${said}`,
        `Read ${log}, then run infra lab up again.`,
      );
    }
    await sleep(100);
  }
}

function answers() {
  return new Promise<boolean>((resolve) => {
    const socket = connect({host: gatewayAddress, port: proxyPort, timeout: 1000});
    const finish = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket
      .on('connect', () => finish(true))
      .on('error', () => finish(false))
      .on('timeout', () => finish(false));
  });
}

/**
 * Settings of the package proxy: its directories, the mirrors that hosts may reach, and the machine's own proxy if any.
 */
type SquidOptions = {
  readonly state: string;
  readonly cache: string;
  readonly mirrors: readonly string[];
  readonly parent?: string;
};

/**
 * The configuration of the lab's squid: only plain HTTP from the lab to the mirrors, so that hosts stay isolated.
 * Package files never change under one name and are kept; indexes are requested again each time.
 */
export function renderSquidConfig({state, cache, mirrors, parent}: SquidOptions): string {
  return `http_port ${gatewayAddress}:${proxyPort}
visible_hostname infra-lab
pid_filename ${state}/squid.pid
cache_log ${state}/cache.log
cache_store_log none
pinger_enable off
access_log none
logfile_rotate 0
coredump_dir ${state}
shutdown_lifetime 0 seconds
cache_mem 16 MB
maximum_object_size 1 GB
cache_dir ufs ${cache} 8000 16 256
acl lab src 198.18.0.0/24
acl mirrors dstdomain ${mirrors.join(' ')}
acl web port 80
http_access deny CONNECT
http_access allow lab mirrors web
http_access deny all
refresh_pattern -i \\.deb$ 129600 100% 129600
refresh_pattern /by-hash/ 129600 100% 129600
refresh_pattern . 0 0% 0
${parent ? renderParent(new URL(parent)) : ''}`;
}

/** The mirrors' host names in apt source lists, each once. */
export function mirrorsIn(sources: string): readonly string[] {
  return [
    ...new Set(
      [...sources.matchAll(/\bhttp:\/\/(?:[^/\s@]*@)?([^/\s:]+)/g)].flatMap(([, name]) => (name ? [name] : [])),
    ),
  ];
}

function renderParent({hostname, port, username, password}: URL) {
  const login = username ? ` login=${decodeURIComponent(username)}:${password}` : '';
  return `cache_peer ${hostname} parent ${port || '80'} 0 no-query no-digest default${login}
never_direct allow all
`;
}
