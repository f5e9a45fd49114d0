import {isIP} from 'node:net';

/** An IP address, or one with the leading bits of its network: `192.0.2.100`, `192.0.2.100/24`, `2001:db8::100/64`. */
export function isAddress(text: string): boolean {
  const [host = '', prefix = '1', ...more] = text.split('/');
  const most = {0: 0, 4: 32, 6: 128}[isIP(host)] ?? 0;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= most;
}
