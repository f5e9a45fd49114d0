import {proxyPort} from './apt-settings.js';
import {gatewayAddress} from './network.js';

/**
 * What the package proxy needs to know: its directories, the mirrors hosts may reach, the machine's own proxy if any.
 */
export type SquidOptions = {
  readonly state: string;
  readonly cache: string;
  readonly mirrors: readonly string[];
  readonly parent?: string;
};

/**
 * The configuration of the lab's squid: plain HTTP from the lab to the mirrors alone, so that hosts stay sealed.
 * Package files never change under one name and are kept; indexes are asked for again each time.
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
