import {askHost} from './lab.js';

/*
 * What HAProxy says on a host, and what it is told there.
 */

/** Commands for its administration socket, separated by `;`. */
export function socket(host: string, commands: string): Promise<string> {
  return askHost(host, `echo '${commands}' | socat -T 5 - UNIX-CONNECT:/run/haproxy/admin.sock`);
}

/** Its log. */
export function journal(host: string): Promise<string> {
  return askHost(host, 'journalctl --sync; journalctl -t haproxy -o cat');
}

/** What operators have set for the servers of a backend. */
export async function adminStates(host: string, backend: string): Promise<Record<string, string>> {
  const rows = (await socket(host, `show servers state ${backend}`)).split('\n').map((line) => line.split(' '));
  const servers = rows.filter((row) => row[1] === backend);
  // 8: SRV_ADMF_FDRAIN, of HAProxy's management guide.
  const adminState = (admin = '', weight = '') => `${admin === '8' ? 'drained' : 'ready'}, weight ${weight}`;
  return Object.fromEntries(servers.map((row) => [row[3], adminState(row[6], row[7])]));
}

/** Waits, for at most twenty seconds, until a server `BACKEND/NAME` is found to be UP or DOWN. */
export async function state(host: string, server: string, desired: 'UP' | 'DOWN' | 'NOLB'): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    const rows = (await socket(host, 'show stat')).split('\n').map((line) => line.split(','));
    // "UP 1/2" is on its way down.
    if (rows.some((row) => `${row[0]}/${row[1]}` === server && row[17] === desired)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${server} is not ${desired} on ${host}`);
}
