import {randomBytes} from 'node:crypto';

const DAY = 86_400_000;

/** Clocks of hosts may be slow: certificates count from an hour ago, as Let's Encrypt's do. */
const HOUR = 3_600_000;

/** When a certificate made now begins to count. */
export const backdated = (now: Date): Date => new Date(now.getTime() - HOUR);

/** When a certificate made now ends. */
export const validFor = (now: Date, days: number): Date => new Date(backdated(now).getTime() + days * DAY);

/** 127 random bits, positive: the CA/Browser Forum's Baseline Requirements 7.1 want at least 64. Hexadecimal. */
export function serialNumber(): string {
  const bytes = randomBytes(16);
  // The first bit is the sign; a first byte of zero would be no shortest form.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
